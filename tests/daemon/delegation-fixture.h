// SPDX-License-Identifier: Apache-2.0
/* What clerk and supervisor do with letters of delegation, and a window with them. */
#pragma once

#include "service-fixture.h"

#define LETTER_CODE "K7QD-2MXA-0HZ9-RTPB"
/* Of the first intake of a test. */
#define LETTER_NUMBER "001-000001-6"

/* A letter of the principal for the delegate, of which nothing is wrong. */
extern const DeskLetter letter_good;

/* Logs an officer in, unless they are at work: a login takes its time. */
void letter_be (Fixture *f, const char *staff);

/* A letter that waits for the second officer, and one that was accepted as @letter says, or as the
 * good one for these days from today; its intake. (transfer full) */
char *letter_register (Fixture *f);
char *letter_accept (Fixture *f, const DeskLetter *letter);
void letter_accept_days (Fixture *f, int from, int to);

/* An intake of the principal, by the clerk, and its id. (transfer full) */
GVariant *letter_begin (Fixture *f, const char *procedure);
char *letter_id_of (GVariant *reservation);

/* Cites for the intake the letter of the number @nth, or the first; @letter is what the window says
 * of it. */
gboolean letter_cite_nth (Fixture *f, GVariant *reservation, guint nth, const DeskLetter *letter,
                          DeskCited *out_cited, GError **error);
gboolean letter_cite (Fixture *f, GVariant *reservation, const DeskLetter *letter,
                      DeskCited *out_cited, GError **error);
void letter_assert_not_cited (Fixture *f, GVariant *reservation, guint nth, const DeskLetter *claim,
                              const char *cause);

/* Seals the intake with these flaws and hands it in. */
gboolean letter_hand_in (Fixture *f, GVariant *reservation, const DeskFlaws *flaws, GError **error);
void letter_assert_not_handed_in (Fixture *f, GVariant *reservation, const DeskFlaws *flaws);

/* Whoever may: the clerk withdraws, the supervisor does the rest. */
void letter_decide (Fixture *f, const char *letter, MdDecisionKind kind);

/* The service's own takes data for a damaged log. */
void letter_tear_down (Fixture *f, gconstpointer data);
