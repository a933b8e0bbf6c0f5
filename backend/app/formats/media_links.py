"""Links in the HTML of a question, pointed at the files that come with it."""

import re
from collections.abc import Callable
from html import escape, unescape

from app.utils.html import is_remote

_LINK = re.compile(
    r"""(?<=\s)(src|href|data|poster)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.IGNORECASE,
)


def relinked(html: str, resolved: Callable[[str], str | None]) -> str:
    """The HTML with each link for which ``resolved`` gives the name of a file pointing at that name.

    Links to other servers and inside the page are not asked about.
    """
    if "=" not in html:
        return html

    def replaced(link: re.Match[str]) -> str:
        target = unescape(link[2] or link[3] or link[4] or "").strip()
        name = None if not target or target.startswith("#") or is_remote(target) else resolved(target)
        return link[0] if name is None else f'{link[1]}="{escape(name)}"'

    return _LINK.sub(replaced, html)
