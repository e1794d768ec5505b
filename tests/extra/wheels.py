"""Wheels made by hand, with nothing in them but what a test is about."""

import hashlib
import zipfile


def make_wheel(folder, name, version="1.0", requires=(), plugins=(), code="class Plugin:\n    causely_api = 1\n"):
    """A wheel of one module that brings ``plugins``; returns the entry's ``sha256:...``."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {need}\n" for need in requires)
    entries = "".join(f"{plugin} = {module}:Plugin\n" for plugin in plugins)
    content = {
        f"{module}.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[causely]\n{entries}" if entries else "",
    }
    content[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in content) + f"{info}/RECORD,,\n"
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for inside, text in content.items():
            wheel.writestr(inside, text)
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
