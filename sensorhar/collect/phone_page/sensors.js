// Reads what the browser gives of the phone's sensors, as it gives it: units and axes
// are turned on the computer, in one place that is tested.

// Chromium gives no more than 60 Hz of motion and 10 Hz of the magnetometer.
const MOTION_HZ = 60;
const FIELD_HZ = 10;
// devicemotion is given this time to speak before the Generic Sensor API is asked. It
// comes first because it also fires while the phone lies still; a Generic Sensor is
// silent then, and silence would look like a lost connection.
const PATIENCE_MS = 1500;
// A Generic Sensor that is silent still reads the same: say so this often, and a little
// late, because a reading may be under way with a stamp that is older than now.
const HOLD_MS = 150;
const LATE_MS = 100;
// A page that slept for longer than this knows nothing of the time between.
const ASLEEP_MS = 2_000;

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

// Times of events are on the clock of performance.now(), except in browsers that err.
function stamp(time) {
  const now = performance.now();
  return isNumber(time) && time <= now + 50 && time > now - 10_000 ? time : now;
}

// Must be called within a tap: iOS asks then only. Both questions go out at once,
// because the tap does not last until the first answer.
export async function askPermission() {
  const questions = ["DeviceMotionEvent", "DeviceOrientationEvent"]
    .filter((name) => typeof window[name]?.requestPermission === "function")
    .map((name) => window[name].requestPermission().catch(() => "denied"));
  const answers = await Promise.all(questions);
  return !answers.includes("denied");
}

export class Sensors {
  // put(name, time in ms, numbers); tell(name, words) when a sensor cannot be read.
  constructor(put, tell) {
    this.put = put;
    this.tell = tell;
    this.heard = new Set();
    this.generic = new Map();
  }

  start() {
    addEventListener("devicemotion", (event) => this.motion(event));
    setTimeout(() => {
      if (!this.heard.has("accelerometer")) this.begin("accelerometer", "Accelerometer");
      if (!this.heard.has("gyroscope")) this.begin("gyroscope", "Gyroscope");
    }, PATIENCE_MS);
    this.begin("magnetometer", "Magnetometer", FIELD_HZ);
    const angles = () => this.angles();
    this.begin("orientation", "AbsoluteOrientationSensor", MOTION_HZ, angles);
    this.location();
  }

  motion(event) {
    const { accelerationIncludingGravity: pull, rotationRate: turn } = event;
    const time = stamp(event.timeStamp);
    if (pull && isNumber(pull.x) && !this.generic.has("accelerometer")) {
      this.heard.add("accelerometer");
      this.put("accelerometer", time, [pull.x, pull.y, pull.z]);
    }
    // alpha, beta, gamma of a rotation rate are about x, y, z, in deg/s (W3C).
    if (turn && isNumber(turn.alpha) && !this.generic.has("gyroscope")) {
      this.heard.add("gyroscope");
      this.put("rotation_rate", time, [turn.alpha, turn.beta, turn.gamma]);
    }
  }

  // Read a class of the Generic Sensor API, or do without.
  begin(name, className, frequency = MOTION_HZ, instead = null) {
    const give_up = (words) => {
      this.generic.delete(name);
      if (instead) instead();
      else if (!this.heard.has(name)) this.tell(name, words);
    };
    if (!(className in window)) return give_up("not given by this browser");
    try {
      const sensor = new window[className]({ frequency });
      const held = { sensor, last: 0, values: null };
      sensor.onreading = () => {
        const { quaternion, x, y, z } = sensor;
        held.values = quaternion ? [...quaternion] : [x, y, z];
        held.last = stamp(sensor.timestamp);
        this.heard.add(name);
        this.put(name, held.last, held.values);
      };
      sensor.onerror = (event) => {
        sensor.stop();
        give_up(event.error.name === "NotAllowedError" ? "not allowed" : "not there");
      };
      this.generic.set(name, held);
      sensor.start();
    } catch {
      give_up("not allowed");
    }
  }

  // Called with every batch: stillness is not a gap.
  hold() {
    const now = performance.now();
    for (const [name, held] of this.generic) {
      if (!held.values || !held.sensor.activated) continue;
      if (now - held.last > ASLEEP_MS) held.last = now - LATE_MS - HOLD_MS;
      while (held.last + HOLD_MS < now - LATE_MS) {
        held.last += HOLD_MS;
        this.put(name, held.last, held.values);
      }
    }
  }

  angles() {
    const kind = "ondeviceorientationabsolute" in window
      ? "deviceorientationabsolute" : "deviceorientation";
    addEventListener(kind, (event) => {
      if (!isNumber(event.beta)) return;
      this.heard.add("orientation");
      this.put("euler", stamp(event.timeStamp),
        [event.alpha ?? 0, event.beta, event.gamma]);
    });
  }

  location() {
    if (!navigator.geolocation) return this.tell("gps", "not given by this browser");
    let last = -Infinity;
    navigator.geolocation.watchPosition(({ timestamp, coords }) => {
      let time = stamp(timestamp - performance.timeOrigin);
      if (time <= last) time = performance.now(); // some give the same stamp again
      last = time;
      this.heard.add("gps");
      this.put("gps", time, [coords.latitude, coords.longitude, coords.altitude,
        coords.speed, coords.heading, coords.accuracy]);
    }, (error) => { // no fix at the moment is no reason to stop
      if (error.code === error.PERMISSION_DENIED) this.tell("gps", "not allowed");
    }, { enableHighAccuracy: true, maximumAge: 0 });
  }
}
