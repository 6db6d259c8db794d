// Brings batches to the computer: each is kept until it is acknowledged, and sent again
// after a broken connection. Where no WebSocket opens, the same messages are posted.

const BATCH_MS = 200;
const SILENT_MS = 8_000;
const MAX_KEPT_BYTES = 64e6; // some half an hour of all sensors at 60 Hz
const MAX_ROWS = 5_000;
const BACK_OFF_MS = [250, 500, 1_000, 2_000, 4_000];
const POST_MS = 200;
const OPENED_AGAIN = 4000;
const ENDED = 4001;

const word = () => Array.from(crypto.getRandomValues(new Uint8Array(12)),
  (byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte % 32]).join("");

function phoneWord() {
  try { // the same phone keeps its number when the page is opened anew
    localStorage.phone ??= word();
    return localStorage.phone;
  } catch {
    return word();
  }
}

function platform() {
  const { userAgent, maxTouchPoints } = navigator;
  const isPad = /Macintosh/.test(userAgent) && maxTouchPoints > 1;
  if (isPad || /iPhone|iPad|iPod/.test(userAgent)) return "ios";
  return /Android/.test(userAgent) ? "android" : "other";
}

const exact = (value) => value === null ? null : Math.round(value * 1e9) / 1e9;

export class Link {
  // on.welcome(message), on.label(word), on.state(state), on.flush()
  constructor(on) {
    this.on = on;
    this.phone = phoneWord();
    this.session = word();
    this.kept = []; // batches not acknowledged yet: {number, text, hasLabel}
    this.keptBytes = 0;
    this.number = 0; // of the next batch
    this.toSend = 0;
    this.window = 50;
    this.isReady = false;
    this.hasOpened = false;
    this.isPosting = false;
    this.hasEnded = false;
    this.nFailed = 0;
    this.counts = {}; // rows of each sensor since the page was opened
    this.rows = {};
    this.presses = [];
    this.battery = null;
    setInterval(() => this.flush(), BATCH_MS);
    navigator.getBattery?.().then((battery) => { this.cell = battery; }, () => {});
    this.connect();
  }

  get nWaiting() { return this.kept.length; }
  get hasPress() { return this.presses.length > 0 || this.kept.some((b) => b.hasLabel); }

  put(name, time, values) {
    const part = this.rows[name] ??= { first: this.counts[name] ?? 0, rows: [] };
    part.rows.push(Math.round(time * 1000) / 1000, ...values.map(exact));
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    if (part.rows.length > MAX_ROWS * (values.length + 1)) this.flush();
  }

  press(label) {
    this.presses.push([performance.now(), label]);
    this.flush();
  }

  flush() {
    this.on.flush();
    if (Object.keys(this.rows).length || this.presses.length) {
      const charge = this.cell ? Math.round(this.cell.level * 100) / 100 : null;
      const news = charge !== this.battery ? { battery: charge } : {};
      this.battery = charge;
      const body = { number: this.number, streams: this.rows, labels: this.presses, ...news };
      const text = JSON.stringify(body).slice(1);
      this.kept.push({ number: this.number, text, hasLabel: this.presses.length > 0 });
      this.number += 1;
      this.keptBytes += text.length;
      this.rows = {};
      this.presses = [];
      while (this.keptBytes > MAX_KEPT_BYTES) this.keptBytes -= this.kept.shift().text.length;
    }
    if (this.isReady && performance.now() - this.heard > SILENT_MS) this.socket?.close();
    this.pump();
  }

  hello() {
    return { type: "hello", phone: this.phone, session: this.session,
      first: this.kept[0]?.number ?? this.number, platform: platform(),
      agent: navigator.userAgent };
  }

  // The messages that may go now: those after the last sent, within the window.
  *next() {
    if (!this.isReady || !this.kept.length) return;
    const first = this.kept[0].number;
    while (this.toSend < this.number && this.toSend < first + this.window) {
      const batch = this.kept[Math.max(0, this.toSend - first)];
      this.toSend = batch.number + 1;
      yield `{"type":"batch","now_ms":${performance.now()},${batch.text}`;
    }
  }

  pump() {
    if (this.isPosting || !this.isReady) return;
    if (this.socket.bufferedAmount > 1e6) return; // a slow network: keep it here
    for (const text of this.next()) this.socket.send(text);
  }

  // Take a message; return the answer to it, if it needs one.
  take(message) {
    this.heard = performance.now();
    if (message.type === "ping") {
      return { type: "pong", number: message.number, now_ms: performance.now() };
    }
    if (message.type === "welcome") {
      this.isReady = true;
      this.hasEnded = false;
      this.window = message.window;
      this.toSend = message.next;
      this.on.state("connected");
      this.on.welcome(message);
      if (!this.hasPress) this.on.label(message.label);
      this.pump();
    } else if (message.type === "ack") {
      while (this.kept.length && this.kept[0].number < message.next) {
        this.keptBytes -= this.kept.shift().text.length;
      }
      this.pump();
    } else if (message.type === "label" && !this.hasPress) {
      this.on.label(message.label);
    }
    return null;
  }

  connect() {
    const address = new URL("socket", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = this.socket = new WebSocket(address);
    socket.onopen = () => {
      this.hasOpened = true;
      this.heard = performance.now();
      socket.send(JSON.stringify(this.hello()));
    };
    socket.onmessage = (event) => {
      if (socket !== this.socket) return;
      const answer = this.take(JSON.parse(event.data));
      if (answer) socket.send(JSON.stringify(answer));
      if (this.isReady) this.nFailed = 0;
    };
    socket.onclose = (event) => { if (socket === this.socket) this.broken(event.code); };
  }

  async broken(code) {
    this.isReady = false;
    if (code === OPENED_AGAIN) return this.on.state("elsewhere");
    if (code === ENDED) this.hasEnded = true; // and yet the next one may begin
    this.nFailed += 1;
    this.on.state(this.hasEnded ? "ended" : "broken");
    const status = await fetch("index.html", { cache: "no-store" })
      .then((answer) => answer.status, () => 0);
    if (status === 403) this.on.state("refused");
    if (status === 200 && !this.hasOpened && this.nFailed >= 2) return this.post();
    const wait = BACK_OFF_MS[Math.min(this.nFailed, BACK_OFF_MS.length) - 1];
    setTimeout(() => this.connect(), status === 403 ? 4_000 : wait);
  }

  // iOS may open the page and yet no socket, when nobody signed the certificate.
  async post() {
    this.isPosting = true;
    let answers = [this.hello()];
    for (;;) {
      const parts = [...answers.map((answer) => JSON.stringify(answer)), ...this.next()];
      const body = `{"session":"${this.session}","messages":[${parts.join(",")}]}`;
      try {
        const answer = await fetch("exchange", { method: "POST", body });
        if (!answer.ok) throw new Error(String(answer.status));
        answers = (await answer.json()).messages.map((m) => this.take(m)).filter(Boolean);
      } catch {
        this.isReady = false;
        this.on.state("broken");
        answers = [this.hello()];
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
      if (!answers.length) await new Promise((resolve) => setTimeout(resolve, POST_MS));
    }
  }
}
