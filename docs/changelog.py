"""Fragments in docs/changes become the changelog.

``python docs/changelog.py`` rewrites the part of CHANGELOG.md that is not released
yet; ``python docs/changelog.py --release 0.1.0 --date 2026-01-31`` gives it its
version and removes the fragments.
"""

import argparse
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHANGELOG = ROOT / "CHANGELOG.md"
FRAGMENTS = ROOT / "docs" / "changes"
KINDS = ("added", "changed", "fixed", "removed")
OPEN = "## [Unreleased]"


def fragments():
    """Return the paths of all fragments by kind, in alphabetical order."""
    found = {kind: sorted(FRAGMENTS.glob(f"*.{kind}.md")) for kind in KINDS}
    known = {path for paths in found.values() for path in paths}
    strange = set(FRAGMENTS.glob("*.md")) - known - {FRAGMENTS / "README.md"}
    if strange:
        raise SystemExit(
            f"a fragment is named <slug>.<{'|'.join(KINDS)}>.md; got "
            f"{', '.join(sorted(path.name for path in strange))}."
        )
    return found


def unreleased():
    """Return what the fragments say, as Markdown under headings of third rank."""
    parts = []
    for kind, paths in fragments().items():
        if paths:
            said = [" ".join(path.read_text("utf-8").split()) for path in paths]
            parts.append(f"### {kind.title()}\n\n" + "\n".join(f"- {s}" for s in said))
    return "\n\n".join(parts)


def site_changes():
    """Return all changes, newest first, for the site."""
    head, _, rest = CHANGELOG.read_text("utf-8").partition(OPEN)
    del head
    released = rest.partition("\n## ")
    older = f"## {released[2]}" if released[2] else ""
    return f"{OPEN}\n\n{unreleased()}\n\n{older}".strip() + "\n"


def rewrite(release="", date=""):
    """Write CHANGELOG.md anew; with a release, date it and drop the fragments."""
    head = CHANGELOG.read_text("utf-8").partition(OPEN)[0]
    text = head + site_changes()
    if release:
        text = text.replace(OPEN, f"{OPEN}\n\n## [{release}] - {date}", 1)
        for paths in fragments().values():
            for path in paths:
                path.unlink()
    CHANGELOG.write_text(text, "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--release", default="", help="version, such as 0.1.0")
    parser.add_argument("--date", default="", help="day of the release, year first")
    chosen = parser.parse_args()
    if bool(chosen.release) != bool(chosen.date):
        parser.error("give --release and --date together")
    rewrite(chosen.release, chosen.date)
