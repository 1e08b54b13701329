"""Pictures made smaller, many at once: progress while it works, before and after side by side, all of them in a zip."""

import io
import sys
import zipfile
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from deskapp import App, run
from deskapp.input import actions, file_upload, input_group, radio, slider
from deskapp.output import (
    put_button,
    put_column,
    put_error,
    put_image,
    put_markdown,
    put_progressbar,
    put_scope,
    put_table,
    put_text,
    set_progressbar,
    use_scope,
)
from deskapp.session import download, set_env

ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}


def main(*files):
    """Ask what to do with which pictures, and do it, again and again; the first time with the files that are given."""
    set_env(title="Resize pictures", input_panel_init_height=420)
    put_markdown("# Resize pictures")
    put_scope("result")
    pictures = [(Path(file).name, Path(file)) for file in files]
    while True:
        which = [] if pictures else [file_upload("Pictures", "image/*", name="files", multiple=True, required=True)]
        order = ask(which)
        pictures = pictures or [(file["filename"], file.path) for file in order["files"]]
        with use_scope("result", clear=True):
            resize_all(pictures, order["side"], order["format"], order["quality"])
        actions(buttons=["Resize other pictures"])
        pictures = []


def ask(fields):
    return input_group(
        "Which, and how?",
        [
            *fields,
            slider("Longer side in pixels", name="side", value=1280, min_value=160, max_value=3840, step=160),
            radio("Format", [("As it is", ""), *ENDINGS], name="format", value="", inline=True),
            slider("Quality of JPEG and WebP", name="quality", value=85, min_value=30, max_value=100),
        ],
    )


def resize_all(pictures, side, kind, quality):
    done, failed, file = [], [], io.BytesIO()
    put_progressbar("work", auto_close=True)
    with zipfile.ZipFile(file, "w") as archive:
        for number, (name, path) in enumerate(pictures, 1):
            set_progressbar("work", (number - 1) / len(pictures), label=f"{number} of {len(pictures)}")
            try:
                before, after, data, ending = resize(path, side, kind, quality)
            except UnidentifiedImageError:
                failed.append(f"{name} is no picture")
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
                failed.append(f"{name}: {error}")
            else:
                smaller = f"{number:02} {Path(name).stem}{ending}"
                archive.writestr(smaller, data)
                done.append([(before, name, path.stat().st_size), (after, smaller, len(data))])
    set_progressbar("work", 1)
    for text in failed:
        put_error(text)
    if done:
        label = f"Save {len(done)} pictures, {in_kilobytes(len(file.getvalue()))}"
        put_button(label, lambda: download("pictures.zip", file.getvalue()), color="success")
        put_table([[put_picture(*each) for each in pair] for pair in done], header=["Before", "After"])


def resize(path, side, kind, quality):
    """What is to be seen of a picture before and after, the file that it becomes, and how the name of that ends."""
    with Image.open(path) as image:
        kind = kind or (image.format if image.format in ENDINGS else "PNG")
        before = ImageOps.exif_transpose(image)
    after = before.convert("RGB") if kind == "JPEG" else before.copy()
    after.thumbnail((side, side))
    file = io.BytesIO()
    after.save(file, kind, quality=quality)
    return thumbnail(before), thumbnail(after), file.getvalue(), ENDINGS[kind]


def thumbnail(image):
    """A small copy, with the size of the whole."""
    small = image.copy()
    small.thumbnail((240, 240))
    return small, f"{image.width} × {image.height}"


def put_picture(thumbnail, name, size_bytes):
    small, measures = thumbnail
    facts = put_text(f"{name}\n{measures}, {in_kilobytes(size_bytes)}").style("font-size: 0.85em")
    return put_column([put_image(small, title=name), facts])


def in_kilobytes(size_bytes):
    return f"{size_bytes / 1000:,.0f} kB"


if __name__ == "__main__":
    App(main, *sys.argv[1:]).launch(title="Resize pictures", size=(720, 820))
    run()
