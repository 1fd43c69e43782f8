# SPDX-License-Identifier: GPL-2.0
"""Second - more cases, which look for what the first ones leave out

The first letters of a name are its group, as in cases.py.
"""

import lzma
import struct
from dataclasses import replace

from cases import *
from edit import *
from make import *

NOBITS, RELA, NOTE = 8, 4, 7
WEAK, LIVEPATCH = "wp_weak", 1 << 20
PERCPU = ".data..percpu"


def sized(size: int) -> Edit:
    """Give the module per-CPU data of this size."""
    return contents(PERCPU, lambda _: bytes(size))


def relocations(name: str) -> Edit:
    """Append an empty section of relocations of a live patch, for .data."""

    def edit(elf: Elf) -> None:
        elf.append_section(
            name, b"", type=RELA, flags=LIVEPATCH, info=elf.find(DATA)
        )

    return edit


def weak(new: bytes, *edits: Edit) -> Source:
    """Make a module with a weak symbol of this name."""
    return of(WEAK, patch(".strtab", b"wp_nobody", new), *edits)


MORE_SECTIONS = [
    ok("e_modinfo_nobits", section(".modinfo", "type", NOBITS)),
    ok("e_modinfo_note", section(".modinfo", "type", NOTE)),
    ok("e_versions_nobits", section("__versions", "type", NOBITS)),
    ok("e_versions_note", section("__versions", "type", NOTE)),
    ok("e_modinfo_zeros", contents(".modinfo", lambda old: bytes(9) + old)),
    ok(
        "e_modinfo_text", contents(".modinfo", lambda old: b"vermagic\0" + old)
    ),
    ok("e_percpu_twice", add_section(PERCPU, bytes(8), flags=ALLOC | WRITE)),
    ok("e_section_unnamed", add_section("", bytes(8), flags=ALLOC)),
    ok(
        "e_section_unnamed_two",
        *[add_section("", bytes(8), flags=ALLOC) for _ in range(2)],
    ),
    ok("e_section_slash", add_section("a/b", bytes(8), flags=ALLOC)),
    ok("e_section_percent", add_section("a%sb", bytes(8), flags=ALLOC)),
    ok(
        "e_section_twice_empty",
        *[add_section(".extra", b"", flags=ALLOC) for _ in range(2)],
    ),
    ok(
        "e_section_twice_hidden",
        add_section(".extra", bytes(8), flags=ALLOC),
        add_section(".extra", bytes(8)),
    ),
    ok("e_versions_twice", add_section("__versions", bytes(8), flags=ALLOC)),
    ok("e_note_twice", add_section(".note.Linux", bytes(8), flags=ALLOC)),
    ok("e_align_huge", section(DATA, "addralign", 1 << 30)),
    ok("e_obsparm", add_section("__obsparm", b"old", flags=ALLOC)),
    ok(
        "e_constructors",
        add_section(".ctors", b"", flags=ALLOC),
        add_section(".init_array", b"", flags=ALLOC),
    ),
    *[
        ok(f"e_percpu_{size}", sized(size))
        for size in (9000, 32768, 40000, 70000)
    ],
    *[
        ok(f"e_unkept_align_{which}", section(which, "addralign", 1 << 31))
        for which in (PERCPU, ".modinfo", "__versions")
    ],
    ok("e_symtab_align_huge", section(".symtab", "addralign", 1 << 31)),
    *[
        ok(f"e_section_{name}", add_section(name, bytes(8), flags=ALLOC))
        for name in (".symtab", ".strtab", ".shstrtab")
    ],
    ok("e_percpu_align_0", section(PERCPU, "addralign", 0)),
    ok("e_percpu_align_4096", section(PERCPU, "addralign", 4096)),
]

MORE_NAMES = [
    ok("n_dot", rename(".")),
    ok("n_dots", rename("..")),
    ok("n_upper", rename("WP_OK")),
    ok("n_long_info", info("name", "n" * 300)),
    *[
        ok(f"n_builtin_{name}", rename(name))
        for name in (
            *("sysrq", "acpi", "block", "keyboard", "spurious"),
            *("srcutree", "tcp", "ipv6", "crc32c_generic", "btrfs"),
            *("firmware_class", "page_alloc", "apparmor", "xz_dec", "dns"),
        )
    ],
]

MORE_VERSIONS = [
    ok("v_twice", add_section("__versions", bytes(64), flags=ALLOC)),
    ok("v_again", contents("__versions", lambda old: old + b"\1" + old[1:64])),
    ok("v_magic_release_only", vermagic(" SMP", "")),
    ok("v_magic_tab", vermagic(" SMP", "\tSMP")),
    ok("v_magic_percent", info("vermagic", "%s%d")),
    ok("v_magic_utf8", info("vermagic", "\u00e4 SMP")),
]

MORE_SYMBOLS = [
    case("x_weak_no_crc", EXP, weak(b"wp_fn")),
    case("x_weak_flags", EXP, weak(b"wp_fn"), flags=1),
    case("x_weak_gpl", EXP, weak(b"wp_gpl_fn", info("license", "BSD"))),
    case("x_weak_space", EXP, weak(b"wp_ns_fn"), flags=1),
    case("x_weak_crc_zero", EXP, weak(b"wp_fn", crc("wp_fn", 0))),
    case("x_weak_kernel", weak(b"jiffies"), flags=1),
    case("x_weak_inherit", GPL_EXP, weak(b"wp_fn"), flags=1),
    case("x_livepatch", of(WEAK, symbol("wp_nobody", "shndx", 0xFF20))),
    ok(
        "x_common_lto",
        patch(".strtab", b"wp_number", b"__gnu_lto"),
        symbol("__gnu_lto", "shndx", 0xFFF2),
    ),
    case("x_got", weak(b"_GLOBAL_O")),
    case("x_two_spaces", EXP, of("wp_usen", info("import_ns", "WPSPACE,A"))),
    case(
        "x_crc_space",
        EXP,
        of("wp_usen", info("import_ns", None), crc("wp_ns_fn", 1)),
    ),
    case("x_denied_space", EXP, of("wp_usen", info("license", "MIT"))),
]

MORE_RELOCATIONS = [
    ok("r_klp_name", relocations(".rela.klp")),
    ok("r_klp_kernel", relocations(".klp.rela.vmlinux..data")),
    ok("r_klp_other", relocations(".klp.rela.ext4..data")),
    ok("r_klp_short", relocations(".klp.rela.")),
    ok("r_info_huge", section(".rela.debug_frame", "info", 0xFFFF)),
    *[ok(f"r_init_{kind}", rela(INIT, 1, type=kind)) for kind in (8, 12, 14)],
]

MORE_EXPORTS = [
    case(
        "d_export_odd", of("wp_exp", contents("__ksymtab", lambda o: o + b"x"))
    ),
    case(
        "v_exports_cut", of("wp_exp", contents("__kcrctab", lambda o: o[:4]))
    ),
    case("d_export_used", EXP, of("wp_use", rename("wp_exp"))),
]


def packed(*filters: dict[str, int], data: Source = PLAIN) -> Source:
    """Compress a file with xz and these filters."""
    return lambda maker: lzma.compress(
        data(maker), check=lzma.CHECK_CRC32, filters=list(filters)
    )


LZMA2 = {"id": lzma.FILTER_LZMA2, "preset": 1}
ONE = xz(PLAIN, lzma.CHECK_CRC32)
MORE_COMPRESSED = [
    case("z_xz_x86", packed({"id": lzma.FILTER_X86}, LZMA2), flags=4),
    case("z_xz_arm", packed({"id": lzma.FILTER_ARM}, LZMA2), flags=4),
    case(
        "z_xz_delta",
        packed({"id": lzma.FILTER_DELTA, "dist": 1}, LZMA2),
        flags=4,
    ),
    case("z_xz_large", packed(LZMA2 | {"dict_size": 64 << 20}), flags=4),
    case("z_xz_two", lambda m: ONE(m) + ONE(m), flags=4),
    case("z_xz_zeros", lambda m: ONE(m) + bytes(8), flags=4),
    case("z_xz_nothing", xz(text(b""), lzma.CHECK_CRC32), flags=4),
    case("z_xz_signed", xz(signed(PLAIN), lzma.CHECK_CRC32), flags=4),
    case("z_xz_head", text(b"\xfd7zXZ\0"), flags=4),
    case(
        "z_lzma",
        lambda m: lzma.compress(PLAIN(m), format=lzma.FORMAT_ALONE),
        flags=4,
    ),
    case("z_xz_flags_5", ONE, flags=5),
]


def message(*options: str, kind: str = "rsa") -> Source:
    """Append what a command of openssl writes as the signature of a module.

    The words KEY and CERT are the names of the key and of its certificate.
    """

    def source(maker: Maker) -> bytes:
        names = dict(zip(("KEY", "CERT"), map(str, maker.key(kind))))
        words = [names.get(word, word) for word in options]
        data = maker.ko("wp_ok")
        return data + signature(maker.filter(data, "openssl", *words))

    return source


FILES = "-binary", "-in", "IN", "-outform", "DER", "-out", "OUT"
SIGN = "cms", "-sign", *FILES, "-signer", "CERT", "-inkey", "KEY"
BARE = *SIGN, "-nocerts", "-noattr"
MORE_SIGNATURES = [
    case("s_cms", message(*BARE)),
    case("s_cms_attributes", message(*SIGN, "-nocerts")),
    case("s_cms_certificate", message(*SIGN, "-noattr")),
    case("s_cms_key_id", message(*BARE, "-keyid")),
    *[
        case(f"s_cms_{digest}", message(*BARE, "-md", digest))
        for digest in (
            *("md5", "sha1", "sha224", "sha384", "sha512", "sha3-256"),
            *("ripemd160", "sha512-256"),
        )
    ],
    case("s_cms_ec", message(*BARE, kind="ec")),
    case("s_cms_pss", message(*BARE, "-keyopt", "rsa_padding_mode:pss")),
    case("s_cms_data", message(*BARE, "-nodetach")),
    case(
        "s_cms_two",
        message(*BARE, "-signer", "CERT", "-inkey", "KEY", "-md", "sha512"),
    ),
    case("s_smime", message("smime", *SIGN[1:], "-nocerts", "-noattr")),
    case("s_smime_attributes", message("smime", *SIGN[1:])),
    case("s_cms_encrypted", message("cms", "-encrypt", *FILES, "CERT")),
    case("s_cms_plain", message("cms", "-data_create", *FILES)),
    case("s_cms_digest", message("cms", "-digest_create", *FILES)),
    case(
        "s_cms_kind", message(*BARE, "-econtent_type", "1.3.6.1.4.1.311.2.1.4")
    ),
    case("s_cms_other_kind", message(*BARE, "-econtent_type", "1.2.3")),
]


def types(
    body: bytes = b"",
    names: bytes = b"\0",
    magic: int = 0xEB9F,
    version: int = 1,
    flags: int = 0,
    length: int = 24,
    offset: int | None = None,
) -> Edit:
    """Append a section .BTF with these types and names."""
    at = len(body) if offset is None else offset
    header = struct.pack(
        "<HBBIIIII",
        magic,
        version,
        flags,
        length,
        0,
        len(body),
        at,
        len(names),
    )
    return add_section(".BTF", header + body + names)


def word(
    name: int, kind: int, size: int, *rest: int, number: int = 0
) -> bytes:
    """Return a type of BTF with @number parts, which are in @rest."""
    return struct.pack(
        f"<III{len(rest)}I", name, kind << 24 | number, size, *rest
    )


MORE_BTF = [
    ok("f_nothing", types()),
    ok("f_no_names", types(names=b"")),
    ok("f_magic", types(magic=0x9FEB)),
    ok("f_version", types(version=2)),
    ok("f_flags", types(flags=1)),
    ok("f_length", types(length=4096)),
    ok("f_offset", types(offset=4)),
    ok("f_unended", types(names=b"\0ab")),
    ok("f_first_name", types(names=b"ab\0")),
    ok("f_kind", types(word(0, 30, 0))),
    ok("f_name", types(word(0x7FFFFF, 7, 0))),
    ok("f_pointer", types(word(0, 2, 1))),
    ok("f_int_large", types(word(1, 1, 64, 512))),
    ok("f_hidden", types(version=2), last_section("flags", ALLOC)),
]

MORE_PARAMETERS = [
    par("binary", "num=0b11"),
    par("hex_upper", "num=0X1F"),
    par("hex_alone", "num=0x"),
    par("hex_negative", "hex=-1"),
    par("underscore", "num=1_000"),
    par("newlines", "num=5\n\n"),
    par("newline_next", "num=5\nby=300"),
    par("tab_next", "num=5\tby=300"),
    par("feed_next", "num=5\fby=300"),
    par("comma_next", "num=5,by=3"),
    par("name_quoted", '"num"=5'),
    par("value_half", 'num="5'),
    par("value_end", 'num=5"'),
    par("quoted_two", '"num=5" by=300'),
    par("quoted_next", 'str="a"by=300'),
    par("quoted_empty", 'num=""'),
    par("quotes_empty", '""'),
    par("quoted_dashes", '"--" num=x'),
    par("dashes_value", "--=5"),
    par("dashes_late", "num=5 -- by=300"),
    par("name_dot", ".num=5"),
    par("name_dash", "long-name-=3"),
    par("array_hex", "arr=0x1,010,-3"),
    par("array_quoted", 'arr="1,2"'),
    par("array_newline", "arr=1\n,2"),
    par("array_commas", "arr=,"),
    par("array_bool_hole", "flags=y,,"),
    par("array_charp_long", f"words=a,{'b' * 1025}"),
    par("array_charp_quoted", 'words="a b",c'),
    par("charp_newline", "str=a\n"),
    par("string_equals", "cp=a=b"),
    par("bool_words", "flag=Yes please"),
    par("bool_newline", "flag=\n"),
    par("bool_space", 'flag=" y"'),
    par("bint_negative", "bint=-1"),
    par("bint_enabled", "bint=enabled"),
    par("invbool_disabled", "inv=disabled"),
    par("ullong_negative", "ull=-1"),
    par("ullong_plus", "ull=+5"),
    par("long_min", "lo=-9223372036854775808"),
    par("long_under", "lo=-9223372036854775809"),
    par("byte_hex", "by=0x1ff"),
    par("short_plus", "sh=+0x7fff"),
    par("unsafe_two", "uns=1", "uns=2"),
    par("hardware_alone", "port"),
    par("async_module", "wp_par.async_probe"),
    *[
        par(f"dyndbg_{number}", f'dyndbg="{query}"')
        for number, query in enumerate(
            (
                *("+p;-p", "=p", "=_", "+pflmt", "+z", "p", "+p -p", "=="),
                *("func wp_init +p", "func a func b +p", "file x.c +p"),
                *("line 1-5 +p", "line x +p", "line 5-1 +p", "line 5- +p"),
                *("module a +p", "module a module b +p", "class X +p"),
                *("format foo +p", "bogus x +p", "func +p", "# +p", ";;"),
                *("file x.c:5 +p", "file x.c:f line 5 +p", "func *", "func a"),
            )
        )
    ],
    *[
        ok(f"p_mode_{mode:o}", poke("__param", 24, struct.pack("<H", mode)))
        for mode in (0o200, 0o666, 0o755, 0o111, 0o1444, 0o10444, 0o20444)
    ],
    par("dyndbg_module", "wp_par.dyndbg=+z"),
    par("dyndbg_other", "wp_ok.dyndbg=+z"),
    par("dyndbg_single", "dyndbg=\"format 'a b' +p\""),
    par("dyndbg_open", 'dyndbg="format \'a b +p"'),
]

FIRST_CASES = [
    *MORE_SECTIONS,
    *MORE_NAMES,
    *MORE_VERSIONS,
    *MORE_SIGNATURES,
    *MORE_COMPRESSED,
    *MORE_SYMBOLS,
    *MORE_RELOCATIONS,
    *MORE_EXPORTS,
    *MORE_BTF,
    *MORE_PARAMETERS,
]
STRICT = "s_cms", "s_cms_md5", "s_cms_attributes", "z_xz_signed"
SECOND = [
    *FIRST_CASES,
    *[
        replace(c, name=f"b_{c.name}", words=("module.sig_enforce=1",))
        for c in FIRST_CASES
        if c.name in STRICT
    ],
    *[
        replace(UNBOOTED[0], name=f"{name}_plain", words=(words,))
        for name, words in (
            ("by", "module.sig_enforce=Y"),
            ("bon", "module.sig_enforce=on"),
            ("cq", 'lockdown="integrity"'),
            ("km", "module-blacklist=wp_ok"),
        )
    ],
]
