"""Numbers as people read them."""


def percent(value: float) -> str:
    """For example ``7.5 %``; whole from ten on, and when there is none."""
    return f"{value:.1f} %" if 0.05 <= value < 9.95 else f"{value:.0f} %"


def size(count: float) -> str:
    """Bytes, for example ``3.2 GB``, with powers of 1024."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if count >= 100 or unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TB"


def rate(count: float) -> str:
    """Bytes per second."""
    return f"{size(count)}/s"


def duration(seconds: float) -> str:
    """The two largest units, for example ``3 d 4 h``."""
    minutes = int(seconds // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
