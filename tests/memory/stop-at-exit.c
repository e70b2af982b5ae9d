// SPDX-License-Identifier: Apache-2.0
/* Preloaded into a program: stops it when it has done everything but leave, so that a test can look
 * into its memory. */
#include <signal.h>

__attribute__ ((destructor)) static void
stop_at_exit (void)
{
  (void)raise (SIGSTOP);
}
