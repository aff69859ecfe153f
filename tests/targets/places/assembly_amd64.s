#include "textflag.h"

// func assembly(a int8, b uint16, c bool, d int32, e string) (x int8, y uint16, z bool)
TEXT ·assembly(SB), NOSPLIT, $0-37
	MOVB a+0(FP), AX
	MOVB AX, x+32(FP)
	MOVW b+2(FP), AX
	MOVW AX, y+34(FP)
	MOVB c+4(FP), AX
	MOVB AX, z+36(FP)
	RET
