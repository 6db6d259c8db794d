"""Take the picture of the phone page that the documentation shows.

::

    python -m tests.collect.phone_picture docs/_static/phone_page.png
"""

import asyncio
import io
import sys
from math import pi, sin
from time import monotonic

from PIL import Image

from sensorhar.collect.phone import PhoneSource
from tests.collect._fake_page import opened
from tests.collect.test_phone_browser import Lab

SIZE = {"width": 440, "height": 952}
SCALE, GAP = 2, 48
GREY = "#8a8d92"


async def walk(phone, length_s):
    """Let the sensors feel somebody walk."""
    end_s = monotonic() + length_s
    while monotonic() < end_s:
        step = 2 * pi * 1.8 * monotonic()
        acc = (1.5 * sin(step / 2), 1.5 + sin(step + 1), 9.8 + 3 * sin(step))
        await phone.feel(acc, (0.1, 0.2, sin(step)))
        await asyncio.sleep(0.01)


async def photographed(lab, colours):
    """Return the page before the start, and while recording."""
    source = PhoneSource(0, host="127.0.0.1", lifetime_s=60)
    more = {"device_scale_factor": SCALE, "color_scheme": colours, **SIZE}
    async with opened(source), lab.phone_at(source.address, **more) as phone:
        await phone.page.wait_for_selector("text=Connected")
        pictures = [await phone.page.screenshot()]
        await phone.page.tap("#start")
        await phone.stand(46.5191, 6.5668)
        await walk(phone, 3)
        await phone.page.tap("text=Walking >> nth=0")
        await walk(phone, 4)
        pictures.append(await phone.page.screenshot())
    return [Image.open(io.BytesIO(picture)) for picture in pictures]


def main(path):
    """Put three pictures side by side."""
    from playwright.async_api import async_playwright

    with asyncio.Runner() as runner:
        lab = Lab(runner)
        playwright = async_playwright()
        runner.run(lab.open(runner.run(playwright.__aenter__())))
        before, light = runner.run(photographed(lab, "light"))
        _, dark = runner.run(photographed(lab, "dark"))
        runner.run(lab.browser.close())
        runner.run(playwright.__aexit__(None, None, None))
    width = before.width + GAP
    whole = Image.new("RGB", (3 * width - GAP, before.height), GREY)
    for i, picture in enumerate((before, light, dark)):
        whole.paste(picture, (i * width, 0))
    whole.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
