package main

import (
	"os"
	"os/exec"
	"syscall"
)

// programs are errors of programs that were run.
func programs() {
	add("exit_1", exec.Command("false").Run())
	add("exit_77", exec.Command("sh", "-c", "exit 77").Run())
	add("exit_killed", exec.Command("sh", "-c", "kill -KILL $$").Run())
	add("exit_user", exec.Command("sh", "-c", "kill -USR1 $$").Run())
	add("exit_core", exec.Command("sh", "-c", "ulimit -c 0; kill -SEGV $$").Run())
	add("exit_real_time", exec.Command("sh", "-c", "kill -40 $$").Run())
	_, err := exec.LookPath("no such program")
	add("program", err)
	add("program_start", exec.Command("/nowhere/at/all").Run())
	add("program_directory", exec.Command("/").Run())
	add("wait", exec.Command("false").Wait())
	_, err = os.StartProcess("/etc/passwd", nil, &os.ProcAttr{})
	add("start", err)
	add("errno", syscall.Errno(9999))
	add("errno_small", syscall.ENOTTY)
	_, err = os.ReadDir("/proc/self/exe")
	add("directory", err)
	add("chdir", os.Chdir("/proc/self/exe"))
	_, err = os.NewFile(999, "odd").Read(make([]byte, 3))
	add("read", err)
}
