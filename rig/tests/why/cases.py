# SPDX-License-Identifier: GPL-2.0
"""Cases - the files that the kernel and why are asked about

The kernel's answer is the right one; no expected answer is written here.  The
first letters of a name are its group:

    e   the ELF header and the headers of sections
    n   names of modules
    v   versions: CRCs and the version magic
    s   signatures
    z   compressed files
    ns  namespaces
    x   symbols
    r   relocations
    cc  options of the compiler
    p   parameters
    d   the same again
    t   taints
    o   other files than modules
    m   modules for other kernels
    f   BTF
    first  what comes only once after a boot
    b   a kernel that enforces signatures
    c   a kernel with lockdown
    k   other words on the kernel's command line

A file with which a kernel crashes has no case.
"""

import lzma
from pathlib import Path
from typing import Any
from dataclasses import dataclass, replace

from edit import *
from guests import ALONE
from make import *


@dataclass(frozen=True)
class Case:
    """One load, or several one after the other.

    @files are loaded in this order; @parameters, a string with the words of
    the user in a tuple, are those of the last one, and @flags those of
    finit_module(2) for all of them.  @words are more words of the kernel's command line.
    @is_hidden is true if only the module's code knows the answer.  @is_loud is
    true if the module may write to the log itself.
    """

    name: str
    files: tuple[Source, ...]
    parameters: tuple[str, ...] = ()
    flags: int = 0
    words: tuple[str, ...] = ()
    is_hidden: bool = False
    is_loud: bool = False


def case(name: str, *files: Source, **options: Any) -> Case:
    """Return a case."""
    return Case(name, files, **options)


def ok(name: str, *edits: Edit, **options: Any) -> Case:
    """Return a case with an edited copy of the module wp_ok."""
    return case(name, of("wp_ok", *edits), **options)


def par(name: str, *parameters: str, **options: Any) -> Case:
    """Return a case with parameters for the module wp_par."""
    return case(f"p_{name}", of("wp_par"), parameters=parameters, **options)


MAGIC = int.from_bytes(b"\x7fELF", "little")
HUGE = 1 << 63
ALLOC, WRITE, EXEC = 2, 1, 4
TEXT, DATA, THIS = ".init.text", ".data", ".gnu.linkonce.this_module"

HEADERS = [
    ok("e_plain"),
    ok("e_bss_huge", section(".bss", "size", 3 << 30)),
    ok(
        "e_section_twice",
        *[add_section(".extra", bytes(8), flags=ALLOC) for _ in range(2)],
    ),
    case("p_twice", of("wp_par", patch(".rodata", b"\0sh\0", b"\0lo\0"))),
    ok("e_tail", append(b"tail")),
    *[
        ok(f"e_cut_{size}", truncate(size))
        for size in (0, 1, 4, 16, 52, 63, 64, 65, 1000)
    ],
    ok("e_cut_half", truncate(lambda size: size // 2)),
    ok("e_cut_last", truncate(lambda size: size - 1)),
    ok("e_magic", header("magic", MAGIC ^ 1)),
    ok("e_class32", header("class", 1)),
    ok("e_class9", header("class", 9)),
    ok("e_big_endian", header("data", 2)),
    ok("e_ident_version", header("ident_version", 0)),
    ok("e_abi", header("abi", 3)),
    ok("e_pad", header("pad", 7)),
    *[
        ok(f"e_type_{kind}", header("type", kind))
        for kind in (0, 2, 3, 0xFFFF)
    ],
    *[
        ok(f"e_machine_{kind}", header("machine", kind))
        for kind in (0, 3, 183)
    ],
    ok("e_version", header("version", 9)),
    ok("e_entry", header("entry", 9)),
    ok("e_flags", header("flags", 9)),
    ok("e_phoff", header("phoff", 9)),
    ok("e_phnum", header("phnum", 9)),
    ok("e_ehsize", header("ehsize", 9)),
    ok("e_shentsize", header("shentsize", 63)),
    ok("e_shentsize_0", header("shentsize", 0)),
    ok("e_shoff_0", header("shoff", 0)),
    ok("e_shoff_end", lambda elf: header("shoff", len(elf.data))(elf)),
    ok("e_shoff_past", lambda elf: header("shoff", len(elf.data) + 1)(elf)),
    ok("e_shoff_huge", header("shoff", HUGE)),
    ok("e_shoff_wrap", header("shoff", -64)),
    ok("e_shnum_0", header("shnum", 0)),
    ok("e_shnum_1", header("shnum", 1)),
    ok("e_shnum_more", header("shnum", lambda number: number + 1)),
    ok("e_shnum_max", header("shnum", 0xFFFF)),
    ok("e_shstrndx_0", header("shstrndx", 0)),
    ok(
        "e_shstrndx_shnum",
        lambda elf: header("shstrndx", elf.nr_sections())(elf),
    ),
    ok("e_shstrndx_max", header("shstrndx", 0xFFFF)),
    ok("e_shstrndx_text", lambda elf: header("shstrndx", elf.find(TEXT))(elf)),
    ok(
        "e_shstrndx_bss", lambda elf: header("shstrndx", elf.find(".bss"))(elf)
    ),
    ok(
        "e_shstrndx_strtab",
        lambda elf: header("shstrndx", elf.find(".strtab"))(elf),
    ),
]

SECTIONS = [
    ok("e_null_type", section(0, "type", 1)),
    ok("e_null_size", section(0, "size", 1)),
    ok("e_null_addr", section(0, "addr", 1)),
    ok("e_null_link", section(0, "link", 1)),
    ok("e_data_offset", section(DATA, "offset", 1 << 40)),
    ok("e_data_offset_wrap", section(DATA, "offset", -1)),
    ok("e_data_size", section(DATA, "size", 1 << 40)),
    ok("e_data_size_wrap", section(DATA, "size", -1)),
    ok("e_debug_offset", section(".comment", "offset", 1 << 40)),
    ok("e_debug_size", section(".comment", "size", 1 << 40)),
    ok("e_bss_offset", section(".bss", "offset", 1 << 40)),
    ok("e_bss_size", section(".bss", "size", 4096)),
    ok(
        "e_type_null",
        section(".comment", "type", 0),
        section(".comment", "offset", 1 << 40),
    ),
    ok("e_type_unknown", section(".comment", "type", 0x12345)),
    ok(
        "e_names_unterminated",
        contents(".shstrtab", lambda old: old[:-1] + b"x"),
    ),
    ok("e_names_empty", section(".shstrtab", "size", 0)),
    ok("e_names_type", section(".shstrtab", "type", 1)),
    ok("e_names_offset", section(".shstrtab", "offset", 1 << 40)),
    ok("e_name_data", section(DATA, "name", 1 << 20)),
    ok("e_name_empty", section(".comment", "name", 0)),
    ok(
        "e_name_end",
        lambda elf: section(
            ".comment", "name", len(elf.contents(".shstrtab")) - 1
        )(elf),
    ),
    ok(
        "e_name_past",
        lambda elf: section(
            ".comment", "name", len(elf.contents(".shstrtab"))
        )(elf),
    ),
    ok("e_symtab_none", section(".symtab", "type", 1)),
    ok(
        "e_symtab_two", add_section(".symtab2", bytes(24), type=2, addralign=8)
    ),
    ok("e_symtab_link_0", section(".symtab", "link", 0)),
    ok(
        "e_symtab_link_shnum",
        lambda elf: section(".symtab", "link", elf.nr_sections())(elf),
    ),
    ok("e_symtab_link_huge", section(".symtab", "link", 0xFFFFFFF0)),
    ok("e_symtab_link_text", link(".symtab", "link", TEXT)),
    ok("e_symtab_entsize", section(".symtab", "entsize", 1)),
    ok("e_symtab_info", section(".symtab", "info", 0)),
    ok("e_symtab_name", rename_section(".symtab", ".sym")),
    ok(
        "e_strtab_unterminated",
        contents(".strtab", lambda old: old[:-1] + b"x"),
    ),
    ok("e_strtab_first", contents(".strtab", lambda old: b"x" + old[1:])),
    ok("e_strtab_type", section(".strtab", "type", 1)),
    ok("e_strtab_size", section(".strtab", "size", 0)),
    ok("e_modinfo_none", rename_section(".modinfo", ".xodinfo")),
    ok("e_modinfo_two", add_section(".modinfo", b"a=b\0", flags=ALLOC)),
    ok("e_modinfo_two_hidden", add_section(".modinfo", b"a=b\0")),
    ok("e_modinfo_hidden", section(".modinfo", "flags", 0)),
    ok("e_modinfo_empty", contents(".modinfo", lambda _: b"")),
    ok("e_modinfo_unterminated", contents(".modinfo", lambda old: old[:-2])),
    ok("e_this_none", rename_section(THIS, ".gnu.linkonce.this_xodule")),
    ok("e_this_hidden", section(THIS, "flags", 0)),
    ok("e_this_larger", contents(THIS, lambda old: old + bytes(64))),
    ok("e_wx_data", section(DATA, "flags", ALLOC | WRITE | EXEC)),
    ok("e_wx_text", section(TEXT, "flags", ALLOC | WRITE | EXEC)),
    ok("e_wx_hidden", section(".comment", "flags", WRITE | EXEC)),
    ok("e_compressed", section(".comment", "flags", 0x800)),
    ok("e_align_data", section(DATA, "addralign", 4096)),
    ok("e_align_0", section(DATA, "addralign", 0)),
    ok("e_text_nobits", section(".note.Linux", "type", 8)),
    ok("e_addr", section(".comment", "addr", 1 << 20)),
    ok("e_extra", add_section(".extra", b"extra", flags=ALLOC)),
    ok("e_extra_large", add_section(".extra", bytes(1 << 20), flags=ALLOC)),
]

NAMES = [
    ok("n_other", rename("wp_other")),
    ok("n_modinfo", info("name", "wp_other")),
    ok("n_this", this_name(b"wp_other")),
    ok("n_modinfo_none", info("name", None)),
    ok("n_modinfo_empty", info("name", "")),
    ok("n_modinfo_two", info("name", "wp_other", again=True)),
    ok("n_empty", this_name(b"")),
    ok("n_dash", rename("wp-ok")),
    ok("n_slash", rename("wp/ok")),
    ok("n_space", rename("wp ok")),
    ok("n_percent", rename("wp%sok")),
    ok("n_utf8", this_name("wp\u00e4".encode())),
    ok("n_control", this_name(b"wp\x01\x1b[1m")),
    ok("n_55", this_name(b"n" * 55)),
    *[
        ok(f"n_builtin_{name}", rename(name))
        for name in (
            "vt",
            "kernel",
            "printk",
            "module",
            "tcp_cubic",
            "8250",
            "vmlinux",
        )
    ],
]

VERSIONS = [
    ok("v_layout", crc("module_layout", lambda old: old ^ 1)),
    ok("v_layout_none", no_crc("module_layout")),
    ok("v_symbol", crc("param_ops_int", lambda old: old ^ 1)),
    ok("v_symbol_none", no_crc("param_ops_int")),
    ok("v_symbol_zero", crc("param_ops_int", 0)),
    ok("v_high", crc("param_ops_int", lambda old: old | 1 << 40)),
    ok("v_all", crc("module_layout", 1), crc("param_ops_int", 1)),
    ok("v_none", rename_section("__versions", "__xersions")),
    ok("v_empty", contents("__versions", lambda _: b"")),
    ok("v_odd", contents("__versions", lambda old: old + b"x")),
    ok("v_hidden", section("__versions", "flags", 0)),
    ok("v_both", no_crc("param_ops_int"), no_crc("__fentry__")),
    ok("v_magic", vermagic("preempt", "prexmpt")),
    ok("v_magic_release", vermagic("6.", "9.")),
    ok(
        "v_magic_release_none",
        vermagic("6.", "9."),
        rename_section("__versions", "__xersions"),
    ),
    ok("v_magic_none", info("vermagic", None)),
    ok("v_magic_empty", info("vermagic", "")),
    ok("v_magic_word", info("vermagic", "abc")),
    ok("v_magic_space", vermagic("modversions ", "modversions")),
    ok("v_magic_two", info("vermagic", "abc def", again=True)),
    ok("v_magic_long", info("vermagic", "a " + "b" * 3000)),
    ok(
        "v_magic_none_versions_none",
        info("vermagic", None),
        rename_section("__versions", "__xersions"),
    ),
    *[
        ok(
            f"v_flags_{flags}",
            crc("module_layout", 1),
            vermagic("preempt", "prexmpt"),
            flags=flags,
        )
        for flags in (0, 1, 2, 3)
    ],
    ok("v_flags_symbol", crc("param_ops_int", 1), flags=1),
    ok("v_flags_plain", flags=3),
    ok("v_flags_8", flags=8),
    ok("v_flags_16", flags=16),
    case("v_exports", of("wp_exp", rename_section("__kcrctab", "__xcrctab"))),
    case(
        "v_exports_gpl",
        of("wp_exp", rename_section("__kcrctab_gpl", "__xcrctab_gpl")),
    ),
    case(
        "v_exports_used",
        of("wp_exp", rename_section("__kcrctab", "__xcrctab")),
        of("wp_use"),
    ),
    case(
        "v_rebuilt",
        of("wp_exp", poke("__kcrctab", 0, bytes(12))),
        of("wp_use"),
    ),
]

PLAIN = of("wp_ok")
SIGNATURES = [
    ok("s_marker", append(MARKER)),
    ok("s_marker_newline", append(MARKER + b"\n")),
    ok("s_marker_twice", append(signature() + MARKER)),
    ok("s_garbage", append(signature(b"garbage"))),
    ok("s_empty", append(signature(b""))),
    ok("s_der", append(signature(b"\x30\x03\x02\x01\x01"))),
    ok("s_type", append(signature(kind=1))),
    ok("s_type_0", append(signature(kind=0))),
    ok("s_algo", append(signature(head=b"\1\0"))),
    ok("s_hash", append(signature(head=b"\0\4"))),
    ok("s_signer", append(signature(tail=b"\1\0\0\0\0"))),
    ok("s_key", append(signature(tail=b"\0\1\0\0\0"))),
    ok("s_pad", append(signature(tail=b"\0\0\0\0\1"))),
    ok("s_length_huge", append(signature(length=0xFFFFFFFF))),
    ok("s_length_file", append(signature(length=0x7FFFFFFF))),
    ok("s_length_zero", append(signature(length=0))),
    case("s_only_marker", text(MARKER)),
    case("s_only_trailer", text(signature(b""))),
    case("s_short", text(b"x" + MARKER)),
    case("s_own", signed(PLAIN)),
    case("s_own_sha512", signed(PLAIN, digest="sha512")),
    case("s_own_tail", signed(PLAIN, append(b"x"))),
    case("s_own_body", signed(PLAIN, poke(DATA, 0, b"\1"))),
    case("s_own_twice", signed(signed(PLAIN))),
    case("s_own_flags", signed(PLAIN), flags=2),
    case(
        "s_own_garbage_flags",
        of("wp_ok", append(signature(b"garbage"))),
        flags=1,
    ),
    case("s_package", package("dummy")),
    case(
        "s_package_body",
        package("dummy", patch(".modinfo", b"license=GPL", b"license=gpl")),
    ),
    case("s_package_cut", package("dummy", truncate(lambda size: size - 1))),
    case(
        "s_package_stripped",
        filtered(package("dummy"), "strip", "-g", "-o", "OUT", "IN"),
    ),
    case("s_package_flags", package("dummy"), flags=2),
    case("s_package_again", signed(package("dummy"))),
]

XZ = lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_NONE, lzma.CHECK_SHA256
COMPRESSED = [
    *[case(f"z_xz_{check}", xz(PLAIN, check), flags=4) for check in XZ],
    case(
        "z_xz_cut",
        lambda m: edited(
            xz(PLAIN, lzma.CHECK_CRC32)(m), truncate(lambda size: size // 2)
        ),
        flags=4,
    ),
    case(
        "z_xz_tail",
        lambda m: xz(PLAIN, lzma.CHECK_CRC32)(m) + b"tail",
        flags=4,
    ),
    case(
        "z_xz_bad",
        lambda m: edited(
            xz(PLAIN, lzma.CHECK_CRC32)(m),
            lambda elf: elf.data.__setitem__(200, elf.data[200] ^ 0xFF),
        ),
        flags=4,
    ),
    case("z_gz", gz(PLAIN), flags=4),
    case("z_zstd", filtered(PLAIN, "zstd", "-q", "-o", "OUT", "IN"), flags=4),
    case("z_plain", PLAIN, flags=4),
    case("z_text", text(b"text\n"), flags=4),
    case("z_xz_text", xz(text(b"text\n"), lzma.CHECK_CRC32), flags=4),
    case(
        "z_xz_flags",
        xz(of("wp_ok", vermagic("preempt", "prexmpt")), lzma.CHECK_CRC32),
        flags=6,
    ),
    case("z_package", lambda m: m.packed("dummy"), flags=4),
]

EXP, GPL_EXP = of("wp_exp"), of("wp_exp", info("license", "Proprietary"))
SPACES = [
    case("ns_ok", EXP, of("wp_usen")),
    case("ns_missing", EXP, of("wp_usen", info("import_ns", None))),
    case("ns_wrong", EXP, of("wp_usen", info("import_ns", "WPSPAC"))),
    case("ns_case", EXP, of("wp_usen", info("import_ns", "wpspace"))),
    case("ns_empty", EXP, of("wp_usen", info("import_ns", ""))),
    case(
        "ns_two",
        EXP,
        of(
            "wp_usen",
            info("import_ns", "A"),
            info("import_ns", "WPSPACE", again=True),
        ),
    ),
    case("ns_unused", EXP, of("wp_use", info("import_ns", "WPSPACE"))),
    case("ns_not_loaded", of("wp_usen", info("import_ns", None))),
    case(
        "ns_other",
        of("wp_exp", patch("__ksymtab_strings", b"WPSPACE", b"OTHER")),
        of("wp_usen"),
    ),
    case(
        "ns_module",
        EXP,
        of("wp_usen", info("import_ns", "module:wp_usen", again=True)),
    ),
    case("ns_kernel", of("wp_ok", info("import_ns", "CRYPTO_INTERNAL"))),
    case(
        "ns_kernel_missing",
        of("wp_three", patch(".strtab", b"wp_absent_a", b"dma_buf_get")),
    ),
]

SYMBOLS = [
    case("x_missing", of("wp_use")),
    case("x_there", EXP, of("wp_use")),
    case("x_gpl_there", EXP, of("wp_useg")),
    case("x_gpl_missing", of("wp_useg")),
    case("x_three", of("wp_three")),
    case("x_three_one_there", EXP, of("wp_three")),
    case("x_weak", of("wp_weak")),
    case("x_local", of("wp_use", symbol("wp_fn", "info", 0x00))),
    case("x_noname", of("wp_use", symbol("wp_fn", "name", 0))),
    case("x_common", of("wp_ok", symbol("wp_init", "shndx", 0xFFF2))),
    case(
        "x_common_two",
        of(
            "wp_ok",
            symbol("wp_init", "shndx", 0xFFF2),
            symbol("wp_exit", "shndx", 0xFFF2),
        ),
    ),
    case("x_common_missing", of("wp_use", symbol("wp_init", "shndx", 0xFFF2))),
    case("x_absolute", of("wp_ok", symbol("wp_init", "shndx", 0xFFF1))),
    case("x_kernel_gpl", of("wp_kgpl")),
    case("x_kernel_gpl_denied", of("wp_kgpl", info("license", "Proprietary"))),
    case("x_kernel_gpl_unlicensed", of("wp_kgpl", info("license", None))),
    case("x_kernel_crc", of("wp_kgpl", crc("kobject_create_and_add", 1))),
    case("x_gpl_denied", EXP, of("wp_useg", info("license", "BSD"))),
    case("x_free_for_all", EXP, of("wp_use", info("license", "BSD"))),
    case("x_inherit", GPL_EXP, of("wp_use")),
    case("x_inherit_gpl", GPL_EXP, of("wp_useg")),
    case(
        "x_inherit_both",
        GPL_EXP,
        of("wp_useg", info("license", "GPL v2"), crc("wp_fn", 1)),
    ),
    case("x_crc", EXP, of("wp_use", crc("wp_fn", 1))),
    case("x_crc_none", EXP, of("wp_use", no_crc("wp_fn"))),
    case("x_crc_flags", EXP, of("wp_use", crc("wp_fn", 1)), flags=1),
    case("x_crc_and_missing", of("wp_three", crc("__fentry__", 1))),
    case("x_depends", of("wp_use", info("depends", "nothing"))),
    case("x_unset", of("wp_ok", symbol("init_module", "shndx", 0))),
    case("x_name", of("wp_use", patch(".strtab", b"wp_fn\0", b"wp_fm\0"))),
    case(
        "x_internal",
        of("wp_three", patch(".strtab", b"wp_absent_a", b"kern_mount")),
    ),
    case(
        "x_hidden",
        of("wp_three", patch(".strtab", b"wp_absent_a", b"sys_open")),
    ),
]

INIT = ".rela.init.text"
RELOCATIONS = [
    *[
        ok(f"r_type_{kind}", rela(INIT, 1, type=kind))
        for kind in (3, 9, 10, 24, 42, 99, 0xFFFFFFFF)
    ],
    ok("r_nonzero", fill_target(INIT, TEXT, 1)),
    ok("r_addend", rela(INIT, 1, addend=1 << 40)),
    ok("r_two", rela(INIT, 0, type=98), rela(INIT, 1, type=99)),
    ok("r_hidden", rela(".rela.debug_frame", 0, type=99)),
    ok("r_info_hidden", link(".rela.debug_frame", "info", ".comment")),
    ok("r_rel", section(INIT, "type", 9)),
    ok("r_entsize", section(INIT, "entsize", 1)),
    ok("r_this", rela(".rela.gnu.linkonce.this_module", 0, type=99)),
    case("r_and_missing", of("wp_use", rela(INIT, 0, type=99))),
]

COMPILED = [
    case("cc_pic", of("wp_pic")),
    case("cc_small", of("wp_plt")),
    case("cc_percpu", of("wp_pcpu")),
    case(
        "cc_percpu_flags",
        of("wp_ok", section(".data..percpu", "addralign", 8192)),
    ),
    case("cc_noexit", of("wp_noexit")),
    ok("cc_retpoline", info("retpoline", None)),
    case("cc_nopreempt", of("wp_nopreempt")),
]

TAINTS = [
    *[
        ok(f"t_license_{number}", info("license", value))
        for number, value in enumerate(
            (
                *("GPL v2", "GPL and additional rights", "Dual BSD/GPL"),
                *("Dual MIT/GPL", "Dual MPL/GPL", "Proprietary", "BSD", ""),
                *("gpl", "GPL ", "GPLv2", "LGPL", "MIT", "GPL-2.0-only"),
            )
        )
    ],
    ok("t_license_none", info("license", None)),
    ok("t_license_two", info("license", "MIT", again=True)),
    ok("t_staging", info("staging", "Y")),
    ok("t_intree", info("intree", "Y")),
    ok("t_test", info("test", "Y")),
    ok("t_livepatch", info("livepatch", "Y")),
    ok("t_srcversion", info("srcversion", "1234")),
    ok("t_version", info("version", "1.0")),
    ok("t_alias", info("alias", "pci:v*")),
    ok("t_import", info("softdep", "pre: nothing")),
    ok(
        "t_all",
        info("license", "MIT"),
        info("staging", "Y"),
        info("test", "Y"),
        info("retpoline", None),
    ),
    ok("t_ndiswrapper", rename("ndiswrapper")),
    ok("t_driverloader", rename("driverloader")),
    ok(
        "t_ndis_license", rename("ndiswrapper"), info("license", "Proprietary")
    ),
]

OTHERS = [
    case("o_empty", text(b"")),
    case("o_text", text(b"text\n")),
    case("o_long_text", text(b"text\n" * 1000)),
    case("o_zero", text(bytes(4096))),
    case("o_magic", text(b"\x7fELF")),
    case("o_o", lambda maker: maker.object("wp_ok.o")),
    case("o_mod_o", lambda maker: maker.object("wp_ok.mod.o")),
    case("o_mod_c", lambda maker: maker.object("wp_ok.mod.c")),
    case("o_ld_r", linked_again),
    case("o_strip", filtered(PLAIN, "strip", "-o", "OUT", "IN")),
    case("o_strip_g", filtered(PLAIN, "strip", "-g", "-o", "OUT", "IN")),
    case(
        "o_strip_unneeded",
        filtered(PLAIN, "strip", "--strip-unneeded", "-o", "OUT", "IN"),
    ),
    case(
        "o_strip_exports",
        filtered(EXP, "strip", "--strip-unneeded", "-o", "OUT", "IN"),
        of("wp_use"),
    ),
    case(
        "o_only_debug",
        filtered(PLAIN, "objcopy", "--only-keep-debug", "IN", "OUT"),
    ),
    case(
        "o_no_btf",
        filtered(PLAIN, "objcopy", "--remove-section=.BTF", "IN", "OUT"),
    ),
    case("o_i386", i386),
    case("o_program", lambda _maker: Path("/bin/true").read_bytes()),
    case(
        "o_kernel", lambda maker: (maker.kernel.path / "vmlinuz").read_bytes()
    ),
]

FOREIGN = [
    case("m_ok", foreign("wp_ok")),
    case("m_exp", foreign("wp_exp")),
    case("m_par", foreign("wp_par"), parameters=("num=x",)),
    case("m_magic", foreign("wp_ok", vermagic("preempt", "prexmpt"))),
    case(
        "m_no_versions",
        foreign("wp_ok", rename_section("__versions", "__xersions")),
    ),
    case("m_use", EXP, foreign("wp_use")),
    *[
        case(f"m_flags_{flags}", foreign("wp_ok"), flags=flags)
        for flags in (1, 2, 3)
    ],
    case("m_package", lambda m: m.other.package("dummy") if m.other else b""),
]

BTF = [
    ok("f_garbage", add_section(".BTF", b"garbage")),
    ok("f_empty", add_section(".BTF", b"")),
    ok("f_base", add_section(".BTF.base", b"garbage")),
    case(
        "f_foreign",
        foreign("wp_ok", rename_section("__versions", "__xersions")),
    ),
]

TWICE = of("wp_exp", rename("wp_again"))
DUPLICATES = [
    case("d_file", PLAIN, PLAIN),
    case("d_name", PLAIN, of("wp_noexit", rename("wp_ok"))),
    case("d_name_modinfo", PLAIN, of("wp_noexit", info("name", "wp_ok"))),
    case("d_name_magic", PLAIN, of("wp_ok", vermagic("preempt", "prexmpt"))),
    case("d_name_missing", PLAIN, of("wp_use", rename("wp_ok"))),
    case(
        "d_name_taint",
        PLAIN,
        of("wp_ok", info("staging", "Y"), info("retpoline", None)),
    ),
    case("d_name_parameter", PLAIN, PLAIN, parameters=("wp_number=x",)),
    case("d_package", package("9p")),
    case("d_export", EXP, TWICE),
    case(
        "d_export_kernel",
        of(
            "wp_exp",
            patch("__ksymtab_strings", b"param_set_booX", b"param_set_bool"),
        ),
    ),
    case(
        "d_export_gpl",
        EXP,
        of(
            "wp_exp",
            rename("wp_again"),
            patch("__ksymtab_strings", b"wp_fn\0", b"wp_fm\0"),
        ),
    ),
    case(
        "d_export_late",
        EXP,
        of("wp_exp", rename("wp_again"), rela(".rela.text", 0, type=99)),
    ),
    case(
        "d_export_own",
        of("wp_exp", patch("__ksymtab_strings", b"wp_gpl_fn\0", b"wp_fn\0")),
    ),
    case("d_export_parameter", EXP, TWICE, parameters=("num=x",)),
    case(
        "d_export_name",
        PLAIN,
        of(
            "wp_exp",
            rename("wp_ok"),
            patch("__ksymtab_strings", b"param_set_booX", b"param_set_bool"),
        ),
    ),
]

A1023, A1024 = "a" * 1023, "a" * 1024
PARAMETERS = [
    par("none"),
    par("num", "num=5"),
    par("hex", "num=0x10"),
    par("octal", "num=010"),
    par("octal_bad", "num=08"),
    par("negative", "num=-5"),
    par("plus", "num=+5"),
    par("minus_minus", "num=--5"),
    par("empty", "num="),
    par("alone", "num"),
    par("word", "num=abc"),
    par("unit", "num=5k"),
    par("float", "num=1.5"),
    par("num_max", "num=2147483647"),
    par("num_over", "num=2147483648"),
    par("num_min", "num=-2147483648"),
    par("num_under", "num=-2147483649"),
    par("num_huge", "num=99999999999999999999999"),
    par("num_newline", "num=5\n"),
    par("num_tab", "num=5\t"),
    par("num_space", "num= 5"),
    par("byte_max", "by=255"),
    par("byte_over", "by=256"),
    par("byte_under", "by=-1"),
    par("short_over", "sh=32768"),
    par("short_min", "sh=-32768"),
    par("ushort_over", "ush=65536"),
    par("ushort_under", "ush=-1"),
    par("uint_max", "unum=4294967295"),
    par("uint_over", "unum=4294967296"),
    par("uint_under", "unum=-1"),
    par("long_max", "lo=9223372036854775807"),
    par("long_over", "lo=9223372036854775808"),
    par("ulong_max", "ulo=18446744073709551615"),
    par("ulong_over", "ulo=18446744073709551616"),
    par("ullong_over", "ull=0x10000000000000000"),
    par("ullong_max", "ull=0xffffffffffffffff"),
    par("hexint", "hex=10"),
    par("hexint_over", "hex=0x100000000"),
    par("charp", "str=abc"),
    par("charp_empty", "str="),
    par("charp_alone", "str"),
    par("charp_1023", f"str={A1023}"),
    par("charp_1024", f"str={A1024}"),
    par("charp_1025", f"str={A1024}a"),
    par("charp_equals", "str=a=b"),
    *[
        par(f"bool_{number}", f"flag={value}")
        for number, value in enumerate(
            "y Y n N 1 0 on off ON OFF oN yes no true maybe o 2 -1".split()
        )
    ],
    par("bool_alone", "flag"),
    par("bool_empty", "flag="),
    par("invbool", "inv=y"),
    par("invbool_bad", "inv=z"),
    par("invbool_alone", "inv"),
    par("bint", "bint=1"),
    par("bint_alone", "bint"),
    par("bint_2", "bint=2"),
    par("array", "arr=1,2,3"),
    par("array_over", "arr=1,2,3,4"),
    par("array_empty", "arr="),
    par("array_hole", "arr=1,,3"),
    par("array_end", "arr=1,2,"),
    par("array_alone", "arr"),
    par("array_space", "arr=1, 2"),
    par("array_bad", "arr=1,x,3"),
    par("array_bad_last", "arr=1,2,x"),
    par("array_overflow", "arr=1,99999999999"),
    par("array_bool", "flags=y,n"),
    par("array_bool_bad", "flags=y,q"),
    par("array_bool_alone", "flags"),
    par("array_charp", "words=a,b"),
    par("array_charp_over", "words=a,b,c"),
    par("array_charp_empty", "words=,"),
    par("string", "cp=1234567"),
    par("string_over", "cp=12345678"),
    par("string_empty", "cp="),
    par("string_alone", "cp"),
    par("unknown", "bogus=1"),
    par("unknown_alone", "bogus"),
    par("unknown_two", "bogus=1", "other=2"),
    par("case", "NUM=5"),
    par("dash", "long-name=3"),
    par("dash_mixed", "long_name=3", "long-name=x"),
    par("space", "str=a b"),
    par("quoted", 'str="a b"'),
    par("quoted_all", '"str=a b"'),
    par("quoted_number", 'num="5"'),
    par("quote_middle", 'str=a"b c"d'),
    par("dangling", 'str="ab'),
    par("dangling_all", '"str=ab'),
    par("quote_alone", '"'),
    par("single", "str='a b'"),
    par("spaces", "num", "=", "5"),
    par("equals", "=5"),
    par("equals_two", "num==5"),
    par("dashes", "--", "num=5"),
    par("dashes_first", "--", "bogus"),
    par("dashes_alone", "--"),
    par("dashes_bad", "num=x", "--", "num=5"),
    par("dashes_three", "---"),
    par("two", "num=5", "num=6"),
    par("two_bad", "num=x", "num=6"),
    par("two_bad_both", "num=x", "by=256"),
    par("two_bad_other", "by=256", "num=x", "bogus=1"),
    par("bad_then_unknown", "num=x", "bogus=1"),
    par("unknown_then_bad", "bogus=1", "num=x"),
    par("module", "wp_par.num=5"),
    par("module_other", "vt.color=5"),
    par("async", "async_probe"),
    par("async_yes", "async_probe=y"),
    par("async_no", "async_probe=n"),
    par("async_bad", "async_probe=maybe"),
    par("dyndbg", "dyndbg"),
    par("dyndbg_plus", "dyndbg=+p"),
    par("dyndbg_bad", "dyndbg=nonsense"),
    par("unsafe", "uns=1"),
    par("unsafe_bad", "uns=x"),
    par("unsafe_alone", "uns"),
    par("hardware", "port=0x300"),
    par("hardware_bad", "port=x"),
    par("utf8", "num=\u00e4"),
    par("utf8_name", "\u00e4=1"),
    par("control", "num=\x01"),
    par("percent", "num=%s"),
    par("backslash", "num=\\5"),
    par("long", f"num={'1' * 3000}"),
    par("long_name", f"{'n' * 3000}=1"),
    par("spaces_only", "   "),
    par("empty_word", ""),
    par("enoent", "gone=1", is_hidden=True),
    par("enospc", "full=1", is_hidden=True),
    par("eperm", "perm=1", is_hidden=True),
    par("eperm_alone", "perm", is_hidden=True),
    par("noarg", "noarg", is_hidden=True),
    case("p_no_table", of("wp_noexit"), parameters=("num=5",)),
    case(
        "p_magic",
        of("wp_par", vermagic("preempt", "prexmpt")),
        parameters=("num=x",),
    ),
    case(
        "p_parmtype",
        of("wp_par", info("parmtype", None)),
        parameters=("num=x",),
    ),
]


# A word without a meaning, which only selects a guest.


def again(name: str, words: tuple[str, ...], *names: str) -> list[Case]:
    """Return other cases with words for the kernel's command line."""
    return [
        replace(c, name=f"{name}_{old}", words=words)
        for old in names
        for c in UNBOOTED
        if c.name == old
    ]


UNBOOTED = [
    *HEADERS,
    *SECTIONS,
    *NAMES,
    *VERSIONS,
    *SIGNATURES,
    *COMPRESSED,
    *SPACES,
    *SYMBOLS,
    *RELOCATIONS,
    *COMPILED,
    *TAINTS,
    *OTHERS,
    *FOREIGN,
    *BTF,
    *DUPLICATES,
    *PARAMETERS,
]
SIGNED = (
    *("e_plain", "s_marker", "s_garbage", "s_type", "s_own", "s_own_flags"),
    *("s_package", "s_package_body", "s_package_flags", "z_package"),
    *("o_text", "o_empty", "m_ok", "m_package"),
    *("v_magic", "v_flags_3", "p_hardware", "s_length_huge", "v_flags_8"),
)
# The lines that a kernel prints once after it has booted: each of these cases
# has a guest for itself.
FIRST = (
    *("e_plain", "t_license_5", "t_license_none", "v_none", "v_magic_none"),
    *("v_exports", "t_test", "t_livepatch", "t_all", "x_inherit", "f_garbage"),
    *("e_modinfo_none", "v_flags_3", "t_intree", "s_package", "v_magic"),
)
BLACKLIST = ("module_blacklist=wp_other,wp_ok,dummy",)
CASES = [
    *UNBOOTED,
    *[
        found
        for name in FIRST
        for found in again("first", (f"{ALONE}={name}",), name)
    ],
    *again("b", ("module.sig_enforce=1",), *SIGNED),
    *again("b0", ("module.sig_enforce=0",), "e_plain", "s_package"),
    *again("bn", ("module.sig_enforce",), "e_plain", "s_package"),
    *again("c", ("lockdown=integrity",), *SIGNED),
    *again("cc", ("lockdown=confidentiality",), "e_plain", "s_package"),
    *again("cn", ("lockdown=none",), "e_plain"),
    *again(
        *("k", BLACKLIST),
        *("e_plain", "n_other", "n_modinfo", "n_this", "n_modinfo_none"),
        *("n_dash", "s_package", "v_magic", "v_layout", "x_missing"),
        *("e_symtab_none", "d_file", "e_modinfo_none"),
    ),
    *again("kd", ("module_blacklist=wp-ok",), "e_plain", "n_dash"),
    *again("kp", ("wp_par.num=x", "wp_ok.wp_number=x"), "e_plain", "p_none"),
    *again(
        *("kz", ("sysctl.kernel.modules_disabled=1",)),
        *("e_plain", "o_empty", "s_package", "v_flags_8"),
    ),
]
