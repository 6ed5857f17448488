/* From reset to C++, and from the external interrupt to its handler.

   The core fetches its first instruction at flash base + 0x80 and has mtvec, always vectored, at
   flash base: exceptions enter at + 0, interrupt n at + 4n. Only number 11, the machine external
   interrupt from the interrupt controller, is ever enabled. */

  .equ external_interrupt_bit, 1 << 11
  .equ sysctrl_reset_request, 0x4000300C
  .equ reset_key, 0x5AFE0001

  .section .vectors, "ax"
  .option push
  .option norvc
  .globl vectors
  .type vectors, @function
vectors:
  .rept 11
  j exception
  .endr
  j external_interrupt_entry
  .rept 20
  j exception
  .endr
  .org vectors + 0x80
  .size vectors, . - vectors
  .globl reset
  .type reset, @function
reset:
  j start
  .size reset, . - reset
  .option pop

  .section .text.start, "ax"
  .type start, @function
start:
  la sp, stack_top
  la tp, tls_begin
  la t0, vectors
  ori t0, t0, 1
  csrw mtvec, t0

  la t0, data_begin
  la t1, data_end
  la t2, data_image
1:
  bgeu t0, t1, 2f
  lw t3, 0(t2)
  sw t3, 0(t0)
  addi t2, t2, 4
  addi t0, t0, 4
  j 1b
2:
  la t0, bss_begin
  la t1, bss_end
3:
  bgeu t0, t1, 4f
  sw zero, 0(t0)
  addi t0, t0, 4
  j 3b
4:
  li t0, external_interrupt_bit
  csrw mie, t0
  call firmware_main
  .size start, . - start

  /* An exception (an illegal instruction, a bus error) means that the program is
     broken: only a reset helps. */
  .type exception, @function
exception:
  li t0, sysctrl_reset_request
  li t1, reset_key
  sw t1, 0(t0)
5:
  j 5b
  .size exception, . - exception

  /* mepc and mstatus are saved too: the handler lets interrupts of higher priority in. */
  .equ frame_size, 80
  .type external_interrupt_entry, @function
external_interrupt_entry:
  addi sp, sp, -frame_size
  sw ra, 0(sp)
  sw t0, 4(sp)
  sw t1, 8(sp)
  sw t2, 12(sp)
  sw t3, 16(sp)
  sw t4, 20(sp)
  sw t5, 24(sp)
  sw t6, 28(sp)
  sw a0, 32(sp)
  sw a1, 36(sp)
  sw a2, 40(sp)
  sw a3, 44(sp)
  sw a4, 48(sp)
  sw a5, 52(sp)
  sw a6, 56(sp)
  sw a7, 60(sp)
  csrr t0, mepc
  csrr t1, mstatus
  sw t0, 64(sp)
  sw t1, 68(sp)
  call firmware_external_interrupt
  lw t0, 64(sp)
  lw t1, 68(sp)
  csrw mepc, t0
  csrw mstatus, t1
  lw ra, 0(sp)
  lw t0, 4(sp)
  lw t1, 8(sp)
  lw t2, 12(sp)
  lw t3, 16(sp)
  lw t4, 20(sp)
  lw t5, 24(sp)
  lw t6, 28(sp)
  lw a0, 32(sp)
  lw a1, 36(sp)
  lw a2, 40(sp)
  lw a3, 44(sp)
  lw a4, 48(sp)
  lw a5, 52(sp)
  lw a6, 56(sp)
  lw a7, 60(sp)
  addi sp, sp, frame_size
  mret
  .size external_interrupt_entry, . - external_interrupt_entry
