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

/* How many fields a form has to be filled in by hand before anything is answered. */
guint bench_count_shown (MdForm *form, const MdViewer *viewer);

/* One procedure with at least BENCH_WIDE such fields, the most that an office could ask for: the
 * largest of the catalogue, and more fields of its dictionary. Transfer full. */
#define BENCH_WIDE 150
MdCatalogue *bench_load_wide (void);

/* A folder and what is in it; what a link in it names stays. */
void bench_remove (const char *folder);

/* A clerk who may handle numbers, by the tables that the product comes with. They are kept until
 * the program ends. */
MdViewer bench_viewer (void);

/* Sorts them. */
double bench_median (double *samples, guint n);
