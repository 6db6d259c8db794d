"""How Sphinx builds the site: tutorials run, tables and changes made at build."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import changelog  # noqa: E402 - lies beside this file
import made  # noqa: E402

import sensorhar  # noqa: E402

project = "sensorhar"
author = "The sensorhar developers"
copyright = "the sensorhar developers"
release = version = sensorhar.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
]
templates_path = ["_templates"]
exclude_patterns = ["_build", "changes"]
html_theme = "furo"
html_title = "sensorhar"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
highlight_language = "none"  # drawings are no Python
pygments_style = "friendly"
pygments_dark_style = "github-dark"

autosummary_generate = True
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say types, shapes and units
numpydoc_show_class_members = False

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "tutorials",
    "filename_pattern": r"/\d\d_",
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": ("made.scrape_figures",),
    "reset_modules": (),
    "capture_repr": (),
    "download_all_examples": False,
    "show_signature": False,
    "remove_config_comments": True,
    "plot_gallery": "True",
    "min_reported_time": 1e9,  # seconds of a shared machine tell a reader nothing
    "write_computation_times": False,
    "copyfile_regex": "",
}

#: What a page asks for in a line of its own, and who writes it.
MADE_AT_BUILD = {
    "@@DATA_SETS@@": made.data_set_table,
    "@@CHANGES@@": lambda: made.markdown_to_rst(changelog.site_changes()),
}


def put_in_what_is_made(app, docname, source):
    """Replace each mark in a page by what is made for it."""
    for mark, make in MADE_AT_BUILD.items():
        if mark in source[0]:
            source[0] = source[0].replace(mark, make())


def setup(app):
    """Register the hook above."""
    app.connect("source-read", put_in_what_is_made)
