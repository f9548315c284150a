"""What express.mjs answers, as an application of WSGI."""

import json


def page():
    return [
        {
            "id": id,
            "title": f"Article {id} of the front page, with a title of usual length",
            "author": {"name": "Ada Lovelace", "id": id * 7},
            "tags": ["analysis", "engine", "notes"],
            "published": "2026-01-01T00:00:00.000Z",
        }
        for id in range(64)
    ]


def app(environ, start_response):
    wants_page = environ["PATH_INFO"] == "/page"
    body = json.dumps(page(), separators=(",", ":")) if wants_page else "Hello, world!\n"
    kind = "application/json" if wants_page else "text/html"
    start_response("200 OK", [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body.encode()]
