#include "textflag.h"

// func add(a, b int64) int64
TEXT ·add(SB), NOSPLIT, $0-24
	MOVQ a+0(FP), AX
	ADDQ b+8(FP), AX
	MOVQ AX, ret+16(FP)
	RET

// func sumBytes(p *byte, n int) (total int, empty bool)
TEXT ·sumBytes(SB), NOSPLIT, $0-25
	MOVQ p+0(FP), SI
	MOVQ n+8(FP), CX
	XORQ AX, AX
	TESTQ CX, CX
	JNE  loop
	MOVQ $0, total+16(FP)
	MOVB $1, empty+24(FP)
	RET
loop:
	MOVBQZX (SI), DX
	ADDQ DX, AX
	INCQ SI
	DECQ CX
	JNE  loop
	MOVQ AX, total+16(FP)
	MOVB $0, empty+24(FP)
	RET

// func jump(a, b int64) int64
TEXT ·jump(SB), NOSPLIT, $0-24
	ADDQ $100, a+0(FP)
	JMP  ·add(SB)

// func framed(a int64) int64
TEXT ·framed(SB), $64-16
	MOVQ a+0(FP), AX
	MOVQ AX, local-8(SP)
	ADDQ local-8(SP), AX
	MOVQ AX, ret+8(FP)
	RET

// func backwards(n int64) int64
TEXT ·backwards(SB), NOSPLIT, $0-16
again:
	DECQ n+0(FP)
	CMPQ n+0(FP), $0
	JGT  again
	MOVQ n+0(FP), AX
	MOVQ AX, ret+8(FP)
	RET

// func spoiling(a int64) int64
TEXT ·spoiling(SB), $64-16
	MOVQ a+0(FP), R14
	CALL inside<>(SB)
	MOVQ R14, ret+8(FP)
	RET

// Only assembly calls it, with something else in the goroutine's register.
TEXT inside<>(SB), NOSPLIT, $0-0
	INCQ R14
	RET
