// SPDX-License-Identifier: Apache-2.0
/* What a program may still ask of the kernel that has read a hostile document: seccomp(2), as far
 * as it goes without any rights. Whatever is not on the list fails, as if it was forbidden. */
#include "config.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "page.h"

#define MEMORY_MAX (1024u * 1024u * 1024u)
#define SECONDS_MAX 20u

#if defined(__x86_64__)
#define OURS AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OURS AUDIT_ARCH_AARCH64
#endif

#define ALLOW(call)                                                                                \
  BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static gboolean
limit (int what, rlim_t most)
{
  const struct rlimit both = { most, most };

  return setrlimit ((__rlimit_resource_t)what, &both) == 0;
}

gboolean
page_fence (void)
{
#ifdef OURS
  struct sock_filter rules[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, arch)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, OURS, 1, 0),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    ALLOW (SYS_read),
    ALLOW (SYS_write),
    ALLOW (SYS_close),
    ALLOW (SYS_fstat),
    ALLOW (SYS_lseek),
    ALLOW (SYS_mmap),
    ALLOW (SYS_munmap),
    ALLOW (SYS_mremap),
    ALLOW (SYS_mprotect),
    ALLOW (SYS_madvise),
    ALLOW (SYS_brk),
    ALLOW (SYS_futex),
    ALLOW (SYS_getrandom),
    ALLOW (SYS_clock_gettime),
    ALLOW (SYS_rt_sigaction),
    ALLOW (SYS_rt_sigprocmask),
    ALLOW (SYS_rt_sigreturn),
    ALLOW (SYS_sched_yield),
    ALLOW (SYS_getpid),
    ALLOW (SYS_gettid),
    ALLOW (SYS_exit),
    ALLOW (SYS_exit_group),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
  };
  const struct sock_fprog program = { .len = G_N_ELEMENTS (rules), .filter = rules };

  return limit (RLIMIT_AS, MEMORY_MAX) && limit (RLIMIT_CPU, SECONDS_MAX) && limit (RLIMIT_FSIZE, 0)
         && limit (RLIMIT_CORE, 0) && limit (RLIMIT_NPROC, 0) && limit (RLIMIT_NOFILE, 3)
         && prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
         && prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
#else
  return FALSE;
#endif
}
