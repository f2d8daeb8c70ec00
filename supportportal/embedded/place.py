"""Where the embedded servers keep their data and meet their clients."""

import fcntl
import hashlib
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from supportportal.embedded.errors import EmbeddedError

# sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero included.
LONGEST_SOCKET_PATH = 103
# PostgreSQL refuses to run as root, so root lends both servers this account.
UNPRIVILEGED_USER = "nobody"


@dataclass(frozen=True)
class Place:
    """The directories of one pair of servers, derived from the data directory alone."""

    var: Path
    home: Path
    run: Path

    @classmethod
    def current(cls) -> "Place":
        """Derive the place from PORTAL_VAR or the checkout."""
        checkout = Path(__file__).resolve().parent.parent.parent
        var = Path(os.environ.get("PORTAL_VAR") or checkout / "var").resolve()
        tag = f"supportportal-{hashlib.sha256(str(var).encode()).hexdigest()[:12]}"
        # A checkout below /root is closed to the account root lends; /var/tmp is open to it.
        home = var if os.geteuid() != 0 or is_open_to_all(var) else Path("/var/tmp") / tag  # noqa: S108 - its owner is checked
        run = home / "run"
        if len(os.fsencode(run / ".s.PGSQL.5432.lock")) > LONGEST_SOCKET_PATH:
            run = Path("/tmp") / tag  # noqa: S108 - short; its owner is checked
        return cls(var=var, home=home, run=run)

    @property
    def postgres(self) -> Path:
        return self.home / "postgres"

    @property
    def logs(self) -> Path:
        return self.home / "log"

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"

    def prepare(self) -> None:
        """Make the directories. Raises: EmbeddedError when one cannot be made or is not ours."""
        account = lent_account()
        owner = account.pw_uid if account else os.geteuid()
        try:
            self.logs.mkdir(exist_ok=True)
            for path in (self.postgres, self.run):
                path.mkdir(mode=0o700, exist_ok=True)
                if account and path.stat().st_uid == 0:
                    os.chown(path, account.pw_uid, account.pw_gid)
        except OSError as error:
            raise EmbeddedError(f"Cannot write to {error.filename}: {error.strerror}.") from error
        # Names below /tmp and /var/tmp can be guessed: do not trust what another user laid there.
        for path, uid in {self.home: os.geteuid(), self.run: owner}.items():
            if path.is_symlink() or path.stat().st_uid != uid:
                raise EmbeddedError(f"{path} is somebody else's: remove it or set PORTAL_VAR.")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold this place's lock, so that two starters make one pair of servers.

        Raises: EmbeddedError.
        """
        try:
            for path in (self.var, self.home):
                path.mkdir(parents=True, exist_ok=True)
            handle = (self.home / "embedded.lock").open("w")
        except OSError as error:
            raise EmbeddedError(f"Cannot write to {error.filename}: {error.strerror}.") from error
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def erase(self) -> None:
        """Delete what stopped servers stored."""
        for path in (self.postgres, self.run, self.logs):
            shutil.rmtree(path, ignore_errors=True)
        if self.home != self.var:
            shutil.rmtree(self.home, ignore_errors=True)

    def wheel(self, name: str) -> Path:
        """Give the directory of a wheel, copied once to where the lent account can read it.

        Raises: EmbeddedError.
        """
        # Found, not imported: a package has effects on import and only its programs are used.
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise EmbeddedError(f"The wheel {name} is not installed: set the addresses instead.")
        package = Path(spec.origin).parent
        if lent_account() is None or is_open_to_all(package):
            return package
        copied = self.home / "wheels" / f"{name}-{version(name)}" / package.name
        if not copied.exists():
            _copy_for_all(package, copied)
        return copied


def is_open_to_all(path: Path) -> bool:
    """Say whether any account may pass through each existing directory down to this one."""
    return all(not p.exists() or p.stat().st_mode & 0o001 for p in (path, *path.parents))


def lent_account() -> pwd.struct_passwd | None:
    """Give the account that runs the servers in place of root, or nothing for other users."""
    return pwd.getpwnam(UNPRIVILEGED_USER) if os.geteuid() == 0 else None


def _copy_for_all(package: Path, target: Path) -> None:
    """Copy a wheel, readable by everyone; whole or not at all."""
    # The wheel's libraries lie beside it and are found by their relative place.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target.with_name(libraries.name), dirs_exist_ok=True)
    part = target.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(package, part, symlinks=True)
    for path in (*target.parents[:2], *target.parent.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
    part.rename(target)
