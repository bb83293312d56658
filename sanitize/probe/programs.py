"""Tells programs by their structure."""

from __future__ import annotations

import re
import struct

from sanitize.probe.payload import Check, Payload, little

# Machines of the System V ABI's registry that programs are made for: SPARC, x86, 68k, MIPS, PowerPC, S/390, ARM, SPARC,
# IA-64, x86-64, AArch64, RISC-V, BPF, LoongArch.
_ELF_MACHINES = frozenset({2, 3, 4, 8, 20, 21, 22, 40, 43, 50, 62, 183, 243, 247, 258})


def _elf(data: bytes, start: int, end: int) -> Payload | None:
    if data[start : start + 4] != b"\x7fELF" or start + 52 > end:
        return None
    bits, order, version = data[start + 4 : start + 7]
    if bits not in (1, 2) or order not in (1, 2) or version != 1:
        return None
    kind, machine, again = struct.unpack_from("<HHI" if order == 1 else ">HHI", data, start + 16)
    sound = kind in (1, 2, 3, 4) and machine in _ELF_MACHINES and again == 1
    return Payload("elf", start, end) if sound else None


# x86, ARM (three), MIPS, IA-64, RISC-V, x86-64, ARM64, EFI byte code (Microsoft PE format, "Machine types").
_PE_MACHINES = frozenset({0x14C, 0x166, 0x1C0, 0x1C2, 0x1C4, 0x200, 0x5032, 0x5064, 0x8664, 0xAA64, 0xEBC})


def _pe(data: bytes, start: int, end: int) -> Payload | None:
    if data[start : start + 2] != b"MZ" or start + 64 > end:
        return None
    place = start + little(data, start + 60)
    if place + 24 > end or data[place : place + 4] != b"PE\0\0":
        return _old_windows(data, start, place, end)
    machine, sections = struct.unpack_from("<HH", data, place + 4)
    return Payload("pe", start, end) if machine in _PE_MACHINES and 0 < sections <= 96 else None


def _old_windows(data: bytes, start: int, place: int, end: int) -> Payload | None:
    """A program for 16 bits or a driver: not far behind the header for DOS stands one that names OS/2 or Windows."""
    if not 64 <= place - start <= _FAR or place + 64 > end or data[place : place + 2] not in (b"NE", b"LE", b"LX"):
        return None
    system = data[place + 54] if data[place] == ord("N") else data[place + 10]
    return Payload("pe", start, end) if 1 <= system <= 5 else None


_FAR = 4096

# VAX to RISC-V with the bit of 64-bit machines (Apple's `mach/machine.h`): x86, ARM, PowerPC.
_MACH_CPUS = frozenset({7, 12, 18, 0x01000007, 0x0100000C, 0x02000014, 0x0200000C, 0x01000012})


def _mach(data: bytes, start: int, end: int) -> Payload | None:
    magic = data[start : start + 4]
    order = {
        b"\xfe\xed\xfa\xce": ">",
        b"\xfe\xed\xfa\xcf": ">",
        b"\xce\xfa\xed\xfe": "<",
        b"\xcf\xfa\xed\xfe": "<",
    }.get(magic)
    if order is None or start + 28 > end:
        return None
    cpu, _sub, kind, commands, size = struct.unpack_from(order + "5I", data, start + 4)
    sound = cpu in _MACH_CPUS and 1 <= kind <= 12 and 0 < commands < 1000 and 8 * commands <= size < 1 << 20
    return Payload("mach-o", start, end) if sound else None


def _cafebabe(data: bytes, start: int, end: int) -> Payload | None:
    """Universal Mach-O and Java classes share a magic: after it stand the count of machines, or the version."""
    if data[start : start + 4] != b"\xca\xfe\xba\xbe" or start + 28 > end:
        return None
    minor, major, constants = struct.unpack_from(">HHH", data, start + 4)
    if minor == 0 and 0 < major < 20:
        (cpu,) = struct.unpack_from(">I", data, start + 8)
        return Payload("mach-o", start, end) if cpu in _MACH_CPUS else None
    # Version 45 is Java 1.0, 70 is Java 26; a constant's tag is 1 to 20 (JVM specification, table 4.4-A).
    sound = 45 <= major <= 90 and constants > 1 and 1 <= data[start + 10] <= 20
    return Payload("java-class", start, end) if sound else None


def _wasm(data: bytes, start: int, end: int) -> Payload | None:
    sound = data[start : start + 8] == b"\0asm\1\0\0\0" and start + 10 <= end and data[start + 8] <= 13
    return Payload("wasm", start, end) if sound else None


def _dex(data: bytes, start: int, end: int) -> Payload | None:
    sound = _DEX.match(data, start, end) and data[start + 40 : start + 44] == b"\x78\x56\x34\x12"
    return Payload("dex", start, end) if sound else None


def _shortcut(data: bytes, start: int, end: int) -> Payload | None:
    return Payload("shortcut", start, end) if data[start : start + 20] == _SHORTCUT else None


_DEX = re.compile(rb"dex\n0\d\d\0")
_SHORTCUT = bytes.fromhex("4c0000000114020000000000c000000000000046")

#: Magics, how far behind the beginning they stand, and who checks what is there: only where it is sound, and never raises.
MAGICS: tuple[tuple[bytes, int, Check], ...] = (
    (b"\x7fELF", 0, _elf),
    (b"MZ", 0, _pe),
    (b"\xfe\xed\xfa\xce", 0, _mach),
    (b"\xfe\xed\xfa\xcf", 0, _mach),
    (b"\xce\xfa\xed\xfe", 0, _mach),
    (b"\xcf\xfa\xed\xfe", 0, _mach),
    (b"\xca\xfe\xba\xbe", 0, _cafebabe),
    (b"\0asm\1\0\0\0", 0, _wasm),
    (b"dex\n0", 0, _dex),
    (_SHORTCUT, 0, _shortcut),
)
