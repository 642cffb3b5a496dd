"""Command line: convert images without a server, or run the service and its workers."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from app.errors import OlmOCRError, SetupError
from app.jobs.convert import Converted, Watcher
from app.jobs.job import Strategy
from app.recognition.engine import EngineName, Progress
from app.settings import load_settings
from app.wiring.convert import open_converter
from app.wiring.core import default_options
from app.workbook.options import WorkbookOptions

app = typer.Typer(
    name="olmocr-backend",
    help="Table images in, spreadsheets you can trust out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True)


class OutputFormat(StrEnum):
    """What `convert` writes."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    HTML = "html"
    MARKDOWN = "markdown"


class Part(StrEnum):
    """What a workbook can have besides values; the defaults are settings of the same names. Titles and notes
    are left out by default: what the command line writes is read by programs (docs/adr/0016)."""

    TITLE_AND_NOTES = "title_and_notes"
    MARK_DOUBTFUL = "mark_doubtful"
    REVIEW_SHEET = "review_sheet"
    EVIDENCE_SHEET = "evidence_sheet"
    SOURCE_IMAGES = "source_images"
    CHECKS = "checks"
    LIVE_TOTALS = "live_totals"


@app.command()
def convert(
    images: Annotated[list[Path], typer.Argument(help="Images and PDFs.", metavar="IMAGE…")],
    out: Annotated[Path, typer.Option(help="Folder for the results.", file_okay=False)],
    engine: Annotated[EngineName | None, typer.Option(help="Default: the setting ENGINE.")] = None,
    strategy: Annotated[Strategy, typer.Option(help="How tables are laid into files.")] = Strategy.SEPARATE,
    output_format: Annotated[OutputFormat, typer.Option("--format")] = OutputFormat.XLSX,
    join_continued: Annotated[bool | None, typer.Option(help="Default: the setting JOIN_CONTINUED.")] = None,
    add: Annotated[list[Part] | None, typer.Option("--with", help="What workbooks shall have.")] = None,
    omit: Annotated[list[Part] | None, typer.Option("--without", help="What they shall not have.")] = None,
    overlay: Annotated[
        Path | None, typer.Option(help="Folder for drawings of what the local engine saw.", file_okay=False)
    ] = None,
) -> None:
    """Convert images into OUT/<name>.xlsx. Exit code 0: all converted, 1: some failed, 2: wrong usage."""
    settings = load_settings()
    default = default_options(settings)
    options = replace(
        default,
        engine=engine or settings.engine,
        strategy=strategy,
        output_format=output_format.value,
        join_continued=default.join_continued if join_continued is None else join_continued,
        workbook=_switched(replace(default.workbook, title_and_notes=False), add or [], omit or []),
    )

    async def run() -> list[Converted]:
        with _bars() as bars:
            async with open_converter(settings, options, len(images), overlay) as convert_images:
                return await convert_images(images, out, _watcher(bars, len(images)))

    try:
        results = asyncio.run(run())
    except OlmOCRError as error:
        errors.print(f"olmocr-backend: {error.message}", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2) from error
    except OSError as error:
        errors.print(f"olmocr-backend: {out} cannot be written: {error.strerror}", markup=False)
        raise typer.Exit(2) from error
    raise typer.Exit(1 if any(each.failure for each in results) else 0)


def _bars() -> Bars:
    """Drawn on a terminal alone."""
    return Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        disable=not sys.stderr.isatty(),
        transient=True,
    )


def _switched(options: WorkbookOptions, on: list[Part], off: list[Part]) -> WorkbookOptions:
    return replace(options, **{part.value: True for part in on} | {part.value: False for part in off})


def _watcher(bars: Bars, total: int) -> Watcher:
    bar = bars.add_task("converting", total=total)

    def progressed(source: Path, progress: Progress) -> None:
        bars.update(bar, description=f"{source.name[:40]} · {progress.stage}")

    def finished(done: Converted) -> None:
        bars.advance(bar)
        sentences = [done.failure.message] if done.failure else done.warnings
        for sentence in sentences:
            errors.print(f"{done.source}: {sentence}", markup=False, highlight=False, soft_wrap=True)
        for path in done.files:
            print(path)

    return Watcher(progressed, finished)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Default: the setting HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Default: the setting PORT.")] = None,
) -> None:
    """Run the web service, and without REDIS_URL its embedded server and workers."""
    settings = load_settings()
    from app.main import run  # FastAPI's import takes a second that `convert` need not wait

    run(host or settings.host, settings.port if port is None else port)


@app.command()
def worker() -> None:
    """Run one worker of the service; needs REDIS_URL."""
    from app.worker import main as work

    if not os.environ.get("REDIS_URL") and load_settings().redis_url is None:
        errors.print(
            "A worker needs REDIS_URL. Without it `olmocr-backend serve` runs its own workers.",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(2)
    work()


@app.command()
def doctor() -> None:
    """Look at every part of a deployment and say what to mend. Exit code 1: something does not work."""
    from app.wiring.doctor import examine

    async def run() -> bool:
        works = True
        async for found in examine(load_settings()):
            works = works and found.level != "fault"
            print(f"{found.level.value:8} {found.check:16} {found.sentence}", flush=True)
        return works

    raise typer.Exit(0 if asyncio.run(run()) else 1)


def main() -> None:
    """Entry point of the `olmocr-backend` command."""
    try:
        app()
    except SetupError as error:
        errors.print(f"olmocr-backend: {error.message}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
