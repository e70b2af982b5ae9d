// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROCESS_INSIDE) && !defined(MD_PROCESS_COMPILATION)
#error "Include <md-process.h> only."
#endif

#include <glib.h>

G_BEGIN_DECLS

/**
 * The first line of main(). From here on nobody but root reads this process's memory: no core dump,
 * no debugger or /proc/PID/mem for another process of the same user.
 *
 * A program that calls this also wipes what is given back to the heap, by whomever: personal values
 * lie in MdSecret or are wiped by those who made them, but toolkits and the bus copy what they are
 * given and free it as it is. This is the net beneath; it does not reach what a library still
 * holds, nor stacks.
 */
void md_process_guard (void);

G_END_DECLS
