package main

import (
	"os/exec"
	"syscall"
)

// endWithUs lets the kernel end a process when the client ends, however that is.
func endWithUs(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
