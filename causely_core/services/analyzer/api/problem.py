"""Errors as problem details (RFC 9457): one line that says what is wrong and what would be right."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from causely_core.storage import StorageError


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error of ``app`` a problem document."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StorageError, _storage)
    app.add_exception_handler(Exception, _unexpected)


def _problem(request: Request, status: int, detail: str) -> JSONResponse:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
    }
    return JSONResponse(body, status, media_type="application/problem+json")


def _http(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, HTTPException)
    answer = _problem(request, problem.status_code, problem.detail)
    answer.headers.update(problem.headers or {})
    return answer


def _invalid(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, RequestValidationError)
    faults = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in problem.errors())
    return _problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(faults))


def _storage(request: Request, problem: Exception) -> JSONResponse:
    return _problem(request, HTTPStatus.SERVICE_UNAVAILABLE, str(problem))


def _unexpected(request: Request, problem: Exception) -> JSONResponse:
    return _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "the analyzer's log says what went wrong")
