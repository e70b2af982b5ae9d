// SPDX-License-Identifier: Apache-2.0
// What the benchmarks of the card share: the virtual card on the resident's reader (the control
// socket of vcard in MADOGUCHI_WORLD), samples and their medians, bars. Whatever goes wrong ends
// the program.
#pragma once

#include <md-pcsc.h>
#include <ward.h>

#define BENCH_RUNS 31

// Puts the card of PERSON on the reader and waits until the reader has taken it.
void bench_put_in (const char *person);

// From now on the card takes so much longer for each answer.
void bench_slow (guint ms);

// One conversation with the card: all of it; of that, what passed inside PC/SC (connecting and
// commands; 0 where that is not known); of that, what the card itself took to answer.
typedef struct
{
  double wall_ms;
  double pcsc_ms;
  double card_ms;
  guint commands;
} BenchSample;

// How much the card has answered, and how long it took, since it was started.
typedef struct
{
  guint commands;
  double card_ms;
} BenchCard;

BenchCard bench_card (void);

// What the card did since BEFORE, in a sample of its own; the rest of it is WALL_MS and PCSC_MS.
BenchSample bench_since (const BenchCard *before, double wall_ms, double pcsc_ms);

// Runs another program from its start to its end. ARGV ends with NULL; its output is dropped.
BenchSample bench_program (const char *const *argv);

MdCardConnection *bench_open (MdPcscBackend *backend);

// The medians of COUNT samples. OWN_MS: of what is left beside PC/SC.
typedef struct
{
  double wall_ms;
  double pcsc_ms;
  double card_ms;
  double own_ms;
  guint commands;
} BenchMedians;

BenchMedians bench_medians (const BenchSample *samples, gsize count);

// Says when VALUE is above BAR. Returns the exit status so far: 0, or 1 once a bar was missed.
int bench_hold (const char *what, double value, double bar);
