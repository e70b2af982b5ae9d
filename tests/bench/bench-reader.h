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

// Commands that the card has answered since it was started.
guint bench_commands (void);

// Runs another program to its end and returns how many commands it sent to the card. ARGV ends
// with NULL; its output is dropped.
guint bench_commands_of (const char *const *argv);

MdCardConnection *bench_open (MdPcscBackend *backend);

// One conversation: all of it, and what of it passed inside PC/SC (connecting and commands).
typedef struct
{
  double wall_ms;
  double card_ms;
  guint commands;
} BenchSample;

// The medians of BENCH_RUNS samples. OWN_MS is the median of what is left beside the card.
typedef struct
{
  double wall_ms;
  double card_ms;
  double own_ms;
  guint commands;
} BenchMedians;

BenchMedians bench_medians (const BenchSample samples[static BENCH_RUNS]);

// Says when VALUE is above BAR. Returns the exit status so far: 0, or 1 once a bar was missed.
int bench_hold (const char *what, double value, double bar);
