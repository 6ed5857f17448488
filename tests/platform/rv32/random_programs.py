#!/usr/bin/env python3
"""Random RV32IMC programs end alike under vmeter isa-test and qemu-system-riscv32.

random_programs.py VMETER SEED COUNT [--keep DIR]

A hundred programs make one image for both: each sets all registers, runs, and leaves its registers,
its memory and what its traps had to say. Counters, which qemu has not cycle for cycle, are left out.
Prints the first program of an image that differs, by a seed with which it alone is made again, and
keeps the image; at last how many kinds of instructions the programs were made of."""
import argparse
import collections
import os
import random
import shutil
import subprocess
import sys
import tempfile

RAM, RAM_SIZE = 0x80000000, 8 << 20
DATA_BYTES = 256  # of each program's own memory
PER_IMAGE = 100
TOOLS = "riscv64-unknown-elf-"
NO_EXTENSIONS = ",".join(f"{name}=off" for name in (
    "a", "f", "d", "zba", "zbb", "zbc", "zbs", "zawrs", "zfa"))

# Both end here: ours by tohost, qemu by the test device of its board.
START = """
  .option norvc
  .text
  .globl _start
_start:
  la t0, handler + 1
  csrw mtvec, t0
  csrw mscratch, zero
  csrw mie, zero
  j programs
  .balign 256
# Adds cause, address and value of the trap to the program's sum and goes on behind it; a fetch
# that failed goes back to ra.
handler:
  csrrw x31, mscratch, x31
  sw x30, saved, x31
  sw x29, saved + 4, x31
  sw x28, saved + 8, x31
  csrr x30, mcause
  csrr x29, mepc
  lw x28, traps
  slli x31, x28, 5
  sub x28, x31, x28
  add x28, x28, x30
  slli x31, x28, 5
  sub x28, x31, x28
  add x28, x28, x29
  li x31, 3          # what ebreak and ecall leave in mtval is a matter of taste
  beq x30, x31, 1f
  li x31, 11
  beq x30, x31, 1f
  csrr x31, mtval
  add x28, x28, x31
1:
  csrw mtval, zero
  sw x28, traps, x31
  li x31, 1
  bne x30, x31, 2f
  mv x29, ra
  j 4f
2:
  lhu x30, 0(x29)
  andi x30, x30, 3
  addi x29, x29, 2
  li x31, 3
  bne x30, x31, 4f
  addi x29, x29, 2
4:
  csrw mepc, x29
  lw x30, saved
  lw x29, saved + 4
  lw x28, saved + 8
  csrrw x31, mscratch, x31
  mret
  .balign 4
programs:
"""
END = """
  .option norvc
  li t0, 1
  sw t0, tohost, t1
  li t0, 0x5555
  li t1, 0x100000
  sw t0, 0(t1)
1: j 1b
  .data
  .balign 4
tohost: .word 0
saved: .word 0, 0, 0
  .balign 4
  .globl begin_signature, end_signature, tohost
begin_signature:
traps: .word 0
"""

ALU = "add sub sll slt sltu xor srl sra or and mul mulh mulhsu mulhu div divu rem remu".split()
ALU_IMMEDIATE = "addi slti sltiu xori ori andi".split()
SHIFTS = "slli srli srai".split()
LOADS = {"lb": 1, "lh": 2, "lw": 4, "lbu": 1, "lhu": 2}
STORES = {"sb": 1, "sh": 2, "sw": 4}
BRANCHES = "beq bne blt bge bltu bgeu".split()
COMPRESSED_ALU = "c.sub c.xor c.or c.and".split()
CSRS = ("mepc", "mtval", "mscratch")
CSR_OPS = "csrrw csrrs csrrc".split()
ILLEGAL = (".half 0x0000", ".word 0x0000000b", ".word 0x00003003", ".word 0x0000700f", ".word 0x00003023",
           ".word 0xfe000033", ".word 0x7c0010f3", ".word 0xf1101073", ".word 0x00000053", ".word 0x1005202f",
           ".word 0x02001013", ".word 0x00002063", ".word 0x00001067", ".word 0xffffffff", ".half 0x6081",
           ".half 0x4002", ".half 0x8002", ".half 0x9c01", ".half 0x2000")
# What objdump calls them, all of RV32IMC with Zicsr and Zifencei but wfi, which waits for what qemu has not.
KINDS = (ALU + ALU_IMMEDIATE + SHIFTS + list(LOADS) + list(STORES) + BRANCHES + COMPRESSED_ALU + CSR_OPS
         + [f"{op}i" for op in CSR_OPS]
         + """lui auipc jal jalr fence fence.i ecall ebreak mret c.lw c.sw c.lwsp c.swsp c.add c.mv c.addi c.li c.lui
         c.andi c.slli c.srli c.srai c.addi4spn c.addi16sp c.j c.jal c.jr c.jalr c.beqz c.bnez c.ebreak""".split())
NASTY = (0, 1, 2, 0xFFFFFFFF, 0xFFFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001, 0x55555555, 0xFFFF, 0x10000)
NOWHERE = 0xC0000000  # no memory in either machine


class Program:
    """The text of one program and the data it begins with."""

    def __init__(self, number, seed):
        self.random = random.Random(f"rv32 {seed}")
        self.number = number
        self.labels = 0
        self.kept = []  # registers that nothing may write now
        self.lines = []
        self.data = [self.value() for _ in range(DATA_BYTES // 4)]
        for register in range(1, 32):
            self.lines.append(f"  li x{register}, {self.value()}")
        for _ in range(self.random.randint(15, 45)):
            self.step(0)
        self.finish()

    def value(self):
        if self.random.random() < 0.3:
            return self.random.choice(NASTY)
        return self.random.getrandbits(self.random.choice((5, 12, 32, 32, 32)))

    def label(self):
        self.labels += 1
        return f"l{self.number}_{self.labels}"

    def any(self):
        return self.random.choice((self.random.randint(0, 31), self.random.randint(8, 15)))

    def target(self):
        """A register to write to; x0 now and then."""
        while True:
            register = self.any()
            if register not in self.kept:
                return register

    def pointer(self, compressed=False):
        """A register to write to that holds what it is given."""
        while True:
            register = self.random.randint(8, 15) if compressed else self.random.randint(1, 31)
            if register not in self.kept:
                return register

    def emit(self, text):
        self.lines.append("  " + text)

    def immediate(self):
        return self.random.choice((self.random.randint(-2048, 2047), self.random.randint(-32, 31)))

    def step(self, depth):
        self.emit(self.random.choice((".option rvc", ".option norvc")))
        kinds = [(self.alu, 24), (self.compressed, 12), (self.load, 12), (self.store, 12), (self.branch, 6),
                 (self.jump, 4), (self.csr, 4), (self.trap, 4), (self.fence, 1)]
        if depth < 2:
            kinds += [(self.loop, 2)]
        if depth == 0:
            kinds += [(self.patch, 1), (self.far, 1)]
        self.random.choices([k for k, _ in kinds], [w for _, w in kinds])[0](depth)

    def alu(self, _):
        rd, a, b = self.target(), self.any(), self.any()
        if self.random.random() < 0.3:
            a = rd
        which = self.random.randrange(5)
        if which < 2:
            self.emit(f"{self.random.choice(ALU)} x{rd}, x{a}, x{b}")
        elif which == 2:
            self.emit(f"{self.random.choice(ALU_IMMEDIATE)} x{rd}, x{a}, {self.immediate()}")
        elif which == 3:
            self.emit(f"{self.random.choice(SHIFTS)} x{rd}, x{a}, {self.random.randint(0, 31)}")
        else:
            self.emit(f"{self.random.choice(('lui', 'auipc'))} x{rd}, {self.random.getrandbits(20)}")

    def compressed(self, _):
        self.emit(".option rvc")
        r = self.random
        rd, full = self.pointer(True), self.pointer()
        rs = r.randint(8, 15)
        signed = r.choice([n for n in range(-32, 32) if n])
        choices = [
            lambda: f"{r.choice(COMPRESSED_ALU)} x{rd}, x{rs}",
            lambda: f"c.mv x{full}, x{r.randint(1, 31)}",
            lambda: f"c.add x{full}, x{r.randint(1, 31)}",
            lambda: f"c.addi x{full}, {signed}",
            lambda: f"c.li x{full}, {r.randint(-32, 31)}",
            lambda: f"c.andi x{rd}, {r.randint(-32, 31)}",
            lambda: f"c.srli x{rd}, {r.randint(1, 31)}",
            lambda: f"c.srai x{rd}, {r.randint(1, 31)}",
            lambda: f"c.slli x{full}, {r.randint(1, 31)}",
            lambda: f"c.addi4spn x{rd}, sp, {4 * r.randint(1, 255)}",
            lambda: "c.nop",
        ]
        if full != 2:
            choices.append(lambda: f"c.lui x{full}, {r.choice((r.randint(1, 31), r.randint(0xfffe0, 0xfffff)))}")
        if 2 not in self.kept:
            choices.append(lambda: f"c.addi16sp sp, {16 * r.choice([n for n in range(-32, 32) if n])}")
        self.emit(r.choice(choices)())

    def place(self, length, compressed):
        """A base register and an offset that lead into the program's memory, misaligned or not."""
        r = self.random
        where = r.randint(0, DATA_BYTES - 4)
        if compressed or r.random() < 0.5:
            where -= where % length
        if compressed == "sp":
            base, offset = 2, 4 * r.randint(0, 63)
        elif compressed:
            base, offset = self.pointer(True), 4 * r.randint(0, 31)
        else:
            base, offset = self.pointer(), self.immediate()
        self.emit(f"la x{base}, data{self.number} + {where - offset}")
        return base, offset

    def compressed_place(self):
        """How a word is reached by a 16-bit form: through sp, or a register of x8 to x15."""
        return "sp" if self.random.random() < 0.4 and 2 not in self.kept else "register"

    def load(self, _):
        if self.random.random() < 0.25:
            kind = self.compressed_place()
            self.emit(".option rvc")
            base, offset = self.place(4, kind)
            rd = self.pointer(kind != "sp")
            self.emit(f"c.lw{'sp' if kind == 'sp' else ''} x{rd}, {offset}(x{base})")
            return
        op = self.random.choice(list(LOADS))
        base, offset = self.place(LOADS[op], None)
        self.emit(f"{op} x{self.target()}, {offset}(x{base})")

    def store(self, _):
        if self.random.random() < 0.25:
            kind = self.compressed_place()
            self.emit(".option rvc")
            base, offset = self.place(4, kind)
            rs = self.random.randint(0, 31) if kind == "sp" else self.random.randint(8, 15)
            self.emit(f"c.sw{'sp' if kind == 'sp' else ''} x{rs}, {offset}(x{base})")
            return
        op = self.random.choice(list(STORES))
        base, offset = self.place(STORES[op], None)
        self.emit(f"{op} x{self.any()}, {offset}(x{base})")

    def body(self, depth, most):
        for _ in range(self.random.randint(1, most)):
            self.step(depth + 1)

    def branch(self, depth):
        label = self.label()
        if self.random.random() < 0.3:
            self.emit(".option rvc")
            self.emit(f"{self.random.choice(('beqz', 'bnez'))} x{self.random.randint(8, 15)}, {label}")
        else:
            a = self.any()
            b = self.random.choice((a, self.any()))
            self.emit(f"{self.random.choice(BRANCHES)} x{a}, x{b}, {label}")
        if depth < 2:
            self.body(depth, 4)
        else:
            self.alu(depth)
        self.lines.append(f"{label}:")

    def jump(self, _):
        label = self.label()
        r = self.random
        which = r.randrange(6)
        if which == 0:
            self.emit(f"jal x{self.target()}, {label}")
        elif which == 1:
            base, offset = self.pointer(), 2 * r.randint(-500, 500)
            self.emit(f"la x{base}, {label} - {offset}")
            # Bit 0 of the sum is dropped.
            self.emit(f"jalr x{self.target()}, {offset + r.randint(0, 1)}(x{base})")
        elif which == 2:
            self.emit(".option rvc")
            self.emit(f"c.j {label}")
        elif which == 3:
            if 1 in self.kept:
                return
            self.emit(".option rvc")
            self.emit(f"c.jal {label}")
        else:
            if 1 in self.kept:
                return
            base = self.pointer()
            self.emit(f"la x{base}, {label}")
            self.emit(".option rvc")
            self.emit(f"{r.choice(('c.jr', 'c.jalr'))} x{base}")
        for _ in range(r.randint(0, 3)):
            self.alu(0)
        self.lines.append(f"{label}:")

    def far(self, _):
        """Over a long way, by the longest reach of each kind."""
        label = self.label()
        over = 2 * self.random.randint(1, 1000)
        if self.random.random() < 0.5:
            self.emit(f"jal x{self.target()}, {label}")
            over *= self.random.choice((1, 10))
        else:
            self.emit(f"beq x{self.any()}, x0, {label}")
            self.emit(f"jal x0, {label}")
        self.emit(f".skip {over}")
        self.lines.append(f"{label}:")

    def loop(self, depth):
        counter = self.pointer()
        label = self.label()
        self.emit(f"li x{counter}, {self.random.randint(1, 6)}")
        self.kept.append(counter)
        self.lines.append(f"{label}:")
        self.body(depth, 5)
        self.emit(f"addi x{counter}, x{counter}, -1")
        self.emit(f"bnez x{counter}, {label}")
        self.kept.pop()

    def csr(self, _):
        rd, csr, op = self.target(), self.random.choice(CSRS), self.random.choice(CSR_OPS)
        # qemu 7.2 keeps bit 0 of mepc, which is always 0.
        even = csr == "mepc"
        if self.random.random() < 0.5:
            rs = self.pointer() if even else self.any()
            if even:
                self.emit(f"andi x{rs}, x{rs}, -2")
            self.emit(f"{op} x{rd}, {csr}, x{rs}")
        else:
            self.emit(f"{op}i x{rd}, {csr}, {self.random.randint(0, 31) & (30 if even else 31)}")

    def trap(self, _):
        r = self.random
        which = r.randrange(6)
        if which == 0:
            self.emit("ecall")
        elif which == 1:
            self.emit(r.choice(("ebreak", ".option rvc\n  c.ebreak")))
        elif which in (2, 3):
            self.emit(r.choice([i for i in ILLEGAL if i != ".half 0x8002"]))
        elif which == 4:
            base, offset = self.pointer(), self.immediate()
            size = r.choice((1, 2, 4))
            self.emit(f"li x{base}, {NOWHERE + 4 * r.randint(0, 1000) - offset}")
            if r.random() < 0.5:
                op = r.choice([o for o, n in LOADS.items() if n == size])
                self.emit(f"{op} x{self.target()}, {offset}(x{base})")
            else:
                op = r.choice([o for o, n in STORES.items() if n == size])
                self.emit(f"{op} x{self.any()}, {offset}(x{base})")
        elif 1 not in self.kept:
            base = self.pointer()
            self.emit(f"li x{base}, {NOWHERE + 2 * r.randint(0, 1000)}")
            self.emit(f"jalr x1, 0(x{base})")

    def fence(self, _):
        self.emit(self.random.choice(("fence", "fence.i")))

    def patch(self, _):
        """Writes an instruction over one that lies ahead, and runs it, twice if in a loop."""
        base, word, label = self.pointer(), self.pointer(), self.label()
        if base == word:
            return
        rd, rs, constant = self.target(), self.any(), self.random.randint(-2048, 2047)
        encoded = (constant & 0xFFF) << 20 | rs << 15 | rd << 7 | 0x13  # addi
        self.emit(f"la x{base}, {label}")
        self.emit(f"li x{word}, {encoded}")
        self.emit(f"sw x{word}, 0(x{base})")
        self.emit("fence.i")
        self.emit(".option norvc")
        self.emit(".balign 4")
        self.lines.append(f"{label}:")
        self.emit(f"xori x{rd}, x{rs}, 1")

    def finish(self):
        """Registers behind the data; x31 goes by way of mscratch, which is left at 0."""
        self.emit(".option norvc")
        self.emit("csrw mscratch, x31")
        self.emit(f"la x31, registers{self.number}")
        for register in range(1, 31):
            self.emit(f"sw x{register}, {4 * register}(x31)")
        self.emit("csrrw x30, mscratch, zero")
        self.emit("sw x30, 124(x31)")
        for n, csr in enumerate(("mepc", "mtval")):
            self.emit(f"csrrw x30, {csr}, zero")
            self.emit(f"sw x30, {128 + 4 * n}(x31)")
        # The traps' sum so far belongs to this program, to tell it from the next.
        self.emit("lw x30, traps")
        self.emit("sw x30, 136(x31)")
        self.emit("sw zero, traps, x30")

    def data_text(self):
        words = "\n".join(f"  .word {word}" for word in self.data)
        return f"data{self.number}:\n{words}\nregisters{self.number}:\n  .skip {REGISTER_BYTES}\n"


REGISTER_BYTES = 140
WORDS = (DATA_BYTES + REGISTER_BYTES) // 4


def run(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}status {done.returncode}")
    return done.stdout


def build(folder, programs):
    source, elf = os.path.join(folder, "image.s"), os.path.join(folder, "image.elf")
    with open(source, "w") as file:
        file.write(START)
        for program in programs:
            file.write(f"program{program.number}:\n" + "\n".join(program.lines) + "\n")
        file.write(END)
        for program in programs:
            file.write(program.data_text())
        file.write("end_signature:\n")
    # No linker relaxation: what is written is what runs.
    run(TOOLS + "gcc", "-march=rv32imc_zicsr_zifencei", "-mabi=ilp32", "-nostdlib", "-Wa,-mno-relax",
        "-Wl,--no-relax", f"-Wl,-Ttext=0x{RAM:x}", "-Wl,-N", source, "-o", elf)
    return elf


def ours(vmeter, folder, elf):
    path = os.path.join(folder, "signature")
    run(vmeter, "isa-test", elf, "--ram", f"0x{RAM:x}:0x{RAM_SIZE:x}", "--tohost", "tohost", "--signature", path)
    with open(path) as file:
        return [int(line, 16) for line in file]


def qemus(folder, elf, count):
    """The board's RAM is a file, in which the words are when qemu has ended."""
    memory = os.path.join(folder, "ram")
    run("qemu-system-riscv32", "-machine", "virt,memory-backend=ram", "-object",
        f"memory-backend-file,id=ram,size={RAM_SIZE},mem-path={memory},share=on", "-m", f"size={RAM_SIZE >> 20}M",
        "-cpu", "rv32," + NO_EXTENSIONS_HERE, "-nographic", "-serial", "null", "-monitor", "none", "-bios", "none",
        "-kernel", elf, timeout=120)
    symbols = dict(reversed(line.split()[::2]) for line in run(TOOLS + "nm", elf).splitlines())
    with open(memory, "rb") as file:
        file.seek(int(symbols["begin_signature"], 16) - RAM)
        raw = file.read(4 * count)
    os.unlink(memory)
    return [int.from_bytes(raw[n:n + 4], "little") for n in range(0, len(raw), 4)]


def known_extensions():
    """Those of NO_EXTENSIONS that this qemu knows and would have on."""
    known = []
    for option in NO_EXTENSIONS.split(","):
        done = subprocess.run(["qemu-system-riscv32", "-machine", "none", "-cpu", "rv32," + option, "-S", "-nographic",
                               "-monitor", "stdio"], input="quit\n", capture_output=True, text=True)
        if done.returncode == 0:
            known.append(option)
    return ",".join(known)


def place_name(word):
    if word < DATA_BYTES // 4:
        return f"memory + {4 * word}"
    register = word - DATA_BYTES // 4
    return {32: "mepc", 33: "mtval", 34: "the traps' sum"}.get(register, f"x{register}")


def count_kinds(elf, kinds):
    for line in run(TOOLS + "objdump", "-d", "-M", "no-aliases", elf).splitlines():
        fields = line.split("\t")
        if len(fields) > 2:
            kinds[fields[2]] += 1


parser = argparse.ArgumentParser()
parser.add_argument("vmeter")
parser.add_argument("seed", type=int)
parser.add_argument("count", type=int)
parser.add_argument("--keep", help="a folder for the image that differs")
arguments = parser.parse_args()
NO_EXTENSIONS_HERE = known_extensions()

kinds = collections.Counter()
different = 0
for first in range(0, arguments.count, PER_IMAGE):
    seeds = [arguments.seed + n for n in range(first, min(first + PER_IMAGE, arguments.count))]
    programs = [Program(n, seed) for n, seed in enumerate(seeds)]
    with tempfile.TemporaryDirectory() as folder:
        elf = build(folder, programs)
        count_kinds(elf, kinds)
        mine = ours(arguments.vmeter, folder, elf)
        theirs = qemus(folder, elf, len(mine))
        assert len(mine) == 1 + WORDS * len(programs), len(mine)
        bad = [n for n in range(1, len(mine)) if mine[n] != theirs[n]]
        if bad:
            if arguments.keep:
                shutil.copytree(folder, arguments.keep, dirs_exist_ok=True)
            number, word = divmod(bad[0] - 1, WORDS)
            print(f"program of seed {seeds[number]}: {place_name(word)} is {mine[bad[0]]:08x}, under qemu "
                  f"{theirs[bad[0]]:08x}; again: random_programs.py VMETER {seeds[number]} 1 --keep DIR")
            different += len({(n - 1) // WORDS for n in bad})

missing = [kind for kind in KINDS if kind not in kinds]
print(f"{arguments.count} programs from seed {arguments.seed}, {different} of them different; "
      f"{len(KINDS) - len(missing)} of {len(KINDS)} kinds of instructions" + "".join(f", no {m}" for m in missing))
# A few programs need not have all.
sys.exit(1 if different or (missing and arguments.count >= 300) else 0)
