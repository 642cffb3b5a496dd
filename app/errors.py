"""What can go wrong, by name.

    OlmOCRError
    ├── RequestRefused          a limit or a mistake, found before any work
    │   ├── InvalidRequest        invalid_request, invalid_option, invalid_session, empty_batch,
    │   │                         invalid_base64, unsupported_media_type, request_timeout,
    │   │                         idempotency_mismatch
    │   ├── TooLarge              too_many_images, file_too_large, request_too_large
    │   ├── NotFound              job_not_found, file_not_found, session_not_found
    │   ├── Expired               expired, already_downloaded
    │   ├── Conflict              job_finished, no_result
    │   ├── Unauthorized          api_key_missing, api_key_unknown
    │   ├── RateLimited           rate_limited (retry_after)
    │   └── Unavailable           store_unavailable, queue_full (retry_after)
    ├── ImageFailed             one image could not be converted; the others are not touched
    │   ├── UnreadableImage       empty_image, unsupported_format, damaged_image, encrypted_document
    │   ├── ImageTooLarge         too_many_pixels, too_many_pages, decode_limit
    │   └── NoTableFound          no_table_found
    ├── EngineFailed            the engine, not the image, is at fault
    │   ├── EngineUnavailable     engine_unavailable, engine_timeout, engine_rejected_key, engine_quota,
    │   │                         engine_model_unknown, engine_refused
    │   ├── EngineAnswerUnusable  engine_answer_unusable
    │   │   └── EngineRefused         engine_refused_image
    │   └── EngineCrashed         engine_crashed
    ├── WorkbookTooLarge        workbook_too_large
    └── SetupError              the installation or a setting is wrong; the message says what to mend

Every error carries a stable ``code`` and a public ``message`` that says what to do. What only we should
see (paths, addresses, remote answers) goes into the exception's ``__cause__`` or the log, never the message.
"""

from __future__ import annotations


class OlmOCRError(Exception):
    """Base of every error that has a name here."""

    code = "internal_error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code

    def __reduce__(self) -> tuple[object, ...]:  # errors cross process borders
        return (_rebuild, (type(self), self.message, self.code, self.__dict__))


def _rebuild(kind: type[OlmOCRError], message: str, code: str, state: dict[str, object]) -> OlmOCRError:
    error = kind.__new__(kind)
    OlmOCRError.__init__(error, message, code=code)
    error.__dict__.update(state)
    return error


class RequestRefused(OlmOCRError):
    """Refused before any work was done."""

    code = "invalid_request"


class InvalidRequest(RequestRefused):
    """The request does not say what to do in a form that can be understood."""


class TooLarge(RequestRefused):
    """A size limit of the request is passed."""

    code = "request_too_large"


class NotFound(RequestRefused):
    """No such thing, or it belongs to another session."""

    code = "job_not_found"


class Expired(RequestRefused):
    """It was here and its retention time is over."""

    code = "expired"


class Conflict(RequestRefused):
    """The thing is in a state in which this cannot be done."""

    code = "job_finished"


class Unauthorized(RequestRefused):
    """The server asks for an API key, and the request brings none that it knows."""

    code = "api_key_missing"


class _RetryLater(RequestRefused):
    def __init__(self, message: str, *, retry_after: float, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after
        """Seconds after which a new try makes sense."""


class RateLimited(_RetryLater):
    """Too many requests from one client."""

    code = "rate_limited"


class Unavailable(_RetryLater):
    """The service cannot take work at the moment."""

    code = "store_unavailable"


class ImageFailed(OlmOCRError):
    """One image could not be converted."""

    code = "image_failed"


class UnreadableImage(ImageFailed):
    """The bytes are not an image or document that can be decoded."""

    code = "damaged_image"


class ImageTooLarge(ImageFailed):
    """Decoding would pass the pixel, page, memory or time limit."""

    code = "too_many_pixels"


class NoTableFound(ImageFailed):
    """The image was read and holds no table."""

    code = "no_table_found"


class EngineFailed(OlmOCRError):
    """The engine could not do its work; the image may be fine."""

    code = "engine_failed"


class EngineUnavailable(EngineFailed):
    """The engine cannot be reached or refuses to serve."""

    code = "engine_unavailable"


class EngineAnswerUnusable(EngineFailed):
    """The engine answered with something that holds no usable table."""

    code = "engine_answer_unusable"


class EngineRefused(EngineAnswerUnusable):
    """The engine's model, or a filter before it, will not read the image."""

    code = "engine_refused_image"


class EngineCrashed(EngineFailed):
    """The engine's process died while it worked on the image."""

    code = "engine_crashed"


class WorkbookTooLarge(OlmOCRError):
    """The tables do not fit into a worksheet; another strategy or format takes them."""

    code = "workbook_too_large"


class SetupError(OlmOCRError):
    """A setting, a file or a server that we need is missing or wrong."""

    code = "setup_error"
