"""QR codes for printed pages and for authenticator apps, as SVG in the page."""

from __future__ import annotations

import segno
from markupsafe import Markup

QUIET = 4  # light modules around, as ISO/IEC 18004 asks


def svg(text: str, name: str) -> Markup:
    """One path of dark modules; `name` is read aloud in its place. Raises: segno.DataOverflowError when too long."""
    drawn = segno.make_qr(text, error="m").svg_inline(
        border=QUIET, svgclass=None, lineclass=None, omitsize=True, light="#fff"
    )
    form = Markup('<span class="qr" role="img" aria-label="{0}">{1}</span>')
    return form.format(name, Markup(drawn))
