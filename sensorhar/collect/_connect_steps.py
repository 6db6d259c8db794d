"""What a person must do so that a phone opens the page, with the code to scan."""

import io

from sensorhar._soft import require

__all__ = ["connect_steps"]


def connect_steps(address: str, fingerprint: str) -> str:
    """Return a QR code of an address and plain steps, for a terminal.

    Parameters
    ----------
    address : str
        What the phone opens.
    fingerprint : str
        SHA-256 of the certificate, in pairs with colons; empty for plain http.

    Returns
    -------
    str
        Lines of at most 90 letters, but for a longer address.
    """
    qrcode = require("qrcode", extra="phone", purpose="the QR code in the terminal")
    code = qrcode.QRCode(border=2)
    code.add_data(address)
    drawing = io.StringIO()
    code.print_ascii(out=drawing, invert=True)  # light modules light: most are dark
    steps = [
        "Join the Wi-Fi of this computer with the phone.",
        f"Scan the code with its camera, or type {address}",
    ]
    if fingerprint:
        steps.append(
            "The browser warns, because this computer made the certificate itself. "
            "Go on:\n     Android: Advanced, then Proceed. "
            "iPhone: Show Details, then visit this website."
        )
    steps += [
        "Tap Start, and allow motion and location.",
        "Tap what you do, and tap it again when it ends. Leave the page in front.",
    ]
    lines = [f"  {i}. {step}" for i, step in enumerate(steps, 1)]
    lines.append(
        "  Nothing opens? Allow this port in the firewall; a guest Wi-Fi may keep "
        "devices apart."
    )
    if fingerprint:
        lines.append("  Fingerprint of the certificate (SHA-256), if in doubt:")
        pairs = fingerprint.split(":")
        lines += [f"     {' '.join(pairs[:16])}", f"     {' '.join(pairs[16:])}"]
    return drawing.getvalue() + "\n" + "\n".join(lines) + "\n"
