"""The knowledge base to read: a page of all entitlements with search, and one page for each."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from bot.words import words
from knowledge.library import Library
from knowledge.policy import Policy
from knowledge.show import sections

templates = Jinja2Templates(directory=Path(__file__).parent / "channels" / "templates")
LONGEST_SEARCH = 40


def routes(library: Library) -> list[Route]:
    """Open to all: what stands there is public law, and nothing of any family."""

    async def everything(request: Request) -> Response:
        asked = request.query_params.get("q", "").strip()[:LONGEST_SEARCH]
        found = [policy for policy in library.policies.values() if _is_about(policy, asked)]
        context = {"page": words()["policies"], "policies": found, "asked": asked}
        return templates.TemplateResponse(request, "policies.html", context)

    async def one(request: Request) -> Response:
        policy = library.policies.get(request.path_params["policy"])
        if policy is None:
            raise HTTPException(404)
        context = {"page": words()["policies"], "policy": policy, "sections": sections(library, policy)}
        return templates.TemplateResponse(request, "policy.html", context)

    return [Route("/policies/", everything), Route("/policies/{policy}", one)]


def _is_about(policy: Policy, asked: str) -> bool:
    """Whether every word asked for stands in a name, in the summary or in a way people ask."""
    texts = "\n".join((policy.id, *policy.names, *policy.misnomers, policy.summary.says, *policy.asked_as))
    return all(word in texts for word in asked.split())
