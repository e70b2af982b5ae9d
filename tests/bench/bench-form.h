// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-forms.h>

#define BENCH_DAY "2026-11-22"

/* data/forms of the source. Caller owns. */
char *bench_forms_folder (void);

/* The definitions in this folder; ends the program where they are wrong. Transfer full. */
MdCatalogue *bench_load (const char *folder);

/* That of the most fields, and how many those are. Borrowed. */
MdForm *bench_largest (MdCatalogue *catalogue, guint *out_n);

/* A clerk who may handle numbers, by the tables that the product comes with. They are kept until
 * the program ends. */
MdViewer bench_viewer (void);

/* Sorts them. */
double bench_median (double *samples, guint n);
