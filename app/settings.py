"""Settings: environment variables over `.env.local` over `.env`. Read by entry points and wiring alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.errors import SetupError
from app.recognition.engine import EngineName

_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class Settings(BaseSettings):
    """Every setting with its unit and default. The committed `.env` says the same, checked by a test."""

    model_config = SettingsConfigDict(env_file=(".env", ".env.local"), extra="ignore", env_ignore_empty=True)

    # server
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    forwarded_allow_ips: str = "127.0.0.1"
    """Addresses of proxies that are believed when they say whom they speak for, comma-separated; `*`: all."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"
    otel_exporter_otlp_endpoint: str = ""
    """Address of an OpenTelemetry collector (OTLP over HTTP); empty: no traces."""
    cors_origins: Annotated[list[str], NoDecode] = [
        "http://localhost:3000",
        "http://localhost:5173",
        "http://localhost:8080",
        "null",
    ]
    """Browser origins that may call the API. Named ones may send cookies; `null` (a page opened from disk)
    and `*` never may."""
    cookie_secure: bool = False
    """True behind HTTPS: the session cookie is sent over HTTPS alone."""
    rate_limit: str = "600/minute"
    """Requests a client address may make, in the notation of the `limits` library; `off`: no limit."""
    batch_rate_limit: str = "60/minute"
    """Batches a client address may submit; `off`: no limit."""
    session_rate_limit: str = "600/minute"
    """Requests that may name one session; `off`: no limit."""
    api_keys: Annotated[list[SecretStr], NoDecode] = []
    """Empty: the API is open. Else requests bring one of them; each has 16 characters or more, or is given as
    `sha256:` and 64 hexadecimal digits."""
    key_rate_limit: str = "3000/minute"
    """Requests that one API key may make; `off`: no limit."""
    ping_interval_s: float = Field(default=20.0, gt=0)
    socket_send_timeout_s: float = Field(default=20.0, gt=0)
    """A socket whose client takes nothing for so long is closed; after twice as long any connection is reset,
    also one that carries a stream of events or a download."""

    # where things are kept
    data_dir: Path = Path("data")
    redis_url: SecretStr | None = None
    """Empty: a server of our own is started in `data_dir`."""
    storage_url: str | None = None
    """Empty: files below `data_dir`. Else e.g. s3://bucket/prefix."""
    file_retention_hours: float = Field(default=24.0, gt=0)
    zero_retention: bool = False
    """True: for every job no names, no image once it is read, no result once it is downloaded."""
    min_free_disk_mb: int = Field(default=256, ge=0)
    """With less the server is not ready."""
    events_per_session: int = Field(default=1000, ge=10)

    # limits of one request
    max_batch_size: int = Field(default=20, ge=1)
    max_file_size_mb: float = Field(default=10.0, gt=0)
    max_request_mb: float = Field(default=100.0, gt=0)
    max_image_megapixels: float = Field(default=100.0, gt=0)
    max_pages: int = Field(default=50, ge=1)
    queue_limit: int = Field(default=1000, ge=1)
    """Images that may wait; above it a batch is answered 503 with Retry-After."""

    # recognition
    engine: EngineName = EngineName.AUTO
    join_continued: bool = True
    """Tables that continue on the next page of a document are joined, where the client says nothing else."""
    reuse_recognition: bool = True
    """An image that the same session (or API key) has had read before is not read again."""
    worker_processes: int | None = Field(default=None, ge=0)
    """Empty: one a core as far as memory goes (2 GiB each) without `REDIS_URL`, none with it."""
    recognition_timeout_s: float = Field(default=300.0, gt=0)
    """Longest time for one image."""
    decode_memory_mb: int = Field(default=1024, ge=64)
    """Memory that decoding one image may take beyond what the engine holds."""

    # webhooks
    webhook_secret: SecretStr | None = None
    """Signs webhooks; empty: none are sent, and batches may not name a `webhook_url`."""
    webhook_allow_private: bool = False
    """True: addresses in private networks and plain http are allowed."""

    # workbooks: where the client says nothing else
    title_and_notes: bool = True
    mark_doubtful: bool = True
    review_sheet: bool = True
    evidence_sheet: bool = False
    source_images: bool = False
    checks: bool = True
    live_totals: bool = False

    # olmOCR
    olmocr_api_key: SecretStr | None = None
    olmocr_base_url: str = "https://api.deepinfra.com/v1/openai"
    olmocr_model: str = "allenai/olmOCR-2-7B-1025"
    olmocr_timeout_s: float = Field(default=120.0, gt=0)
    """Longest time for one answer."""
    olmocr_first_token_timeout_s: float = Field(default=60.0, gt=0)
    """Longest time until an answer begins."""
    olmocr_concurrency: int = Field(default=4, ge=1)
    """Requests at the same time, of all workers together."""
    olmocr_requests_per_minute: int | None = Field(default=None, ge=1)
    """Of all workers together; empty: no limit."""
    olmocr_price_in: float | None = Field(default=None, ge=0)
    """For a million tokens of images and prompts; empty: no price is estimated."""
    olmocr_price_out: float | None = Field(default=None, ge=0)
    """For a million tokens of answers."""
    olmocr_prompt_file: Path | None = None
    """Empty: the prompt of the installed `olmocr` package; without it our own words."""

    @field_validator("cors_origins", "api_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Comma lists and JSON lists are both understood; `none` is the empty list."""
        if value == "none":
            return []
        if isinstance(value, str) and not value.lstrip().startswith("["):
            return [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str):
            import json

            return json.loads(value)
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        encoded = value.get_secret_value().removeprefix("whsec_") if value else ""
        if value and (not _BASE64.fullmatch(encoded) or len(encoded) < 32):
            raise ValueError("write whsec_ and 24 to 64 bytes in base64")
        return value


def load_settings() -> Settings:
    """The settings of this process. SetupError: one of them cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        raise SetupError(f"The setting {name} cannot be used: {first['msg']}.") from error
