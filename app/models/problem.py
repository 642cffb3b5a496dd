"""Errors as clients receive them: `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one part of the request."""

    location: str = Field(description="Where it stands, e.g. `query.after`.")
    message: str


class Problem(BaseModel):
    """Why a request was not served. Branch on `code`; show `detail`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:olmocr:problem:job_not_found",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "There is no such job. Check the id.",
                    "code": "job_not_found",
                    "instance": "urn:olmocr:request:5b1f0c7e9a3d4c21",
                }
            ]
        }
    )

    type: str = Field(description="A name of this kind of problem, as a URN; ends with `code`.")
    title: str = Field(description="The status in words.")
    status: int = Field(ge=400, le=599)
    detail: str = Field(description="What happened and what to do, for people.")
    code: str = Field(description="Stable; made for programs.")
    instance: str = Field(description="Names this one answer; quote it when asking for help.")
    errors: list[FieldProblem] | None = Field(None, description="The parts of the request that are wrong.")
