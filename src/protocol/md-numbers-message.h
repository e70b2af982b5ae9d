// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROTOCOL_INSIDE) && !defined(MD_PROTOCOL_COMPILATION)
#error "Only <md-protocol.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

#define MD_NUMBERS_LAST 999999u     /* the last that six digits can say */
#define MD_NUMBERS_BLOCK 2000u      /* numbers in a block, or what is left of the range */
#define MD_NUMBERS_LOW 1000u        /* a terminal with fewer asks for a block */
#define MD_NUMBERS_MAX_EPOCH 99999u /* of a terminal, from 1 */
#define MD_NUMBERS_QUESTION 32u     /* hexadecimal digits that tell a question from others */

/* The body of a POST of numbers: what a terminal knows of its own receipt numbers. All numbers are
 * the six digits of the middle, of the three digits in front that @serial is. */
typedef struct
{
  guint serial;
  guint epoch;   /* how often its store began anew, 0: the gateway has not told it yet */
  guint highest; /* the highest number that it has given, 0: none */
  guint newest;  /* the last number of the newest block that it holds, 0: none */
  guint left;    /* numbers that it may still give */
  /* Chosen at random; the same until there is an answer, which then is the same, too. It is kept in
   * no store: one that was put back must not ask it again. */
  char question[MD_NUMBERS_QUESTION + 1];
} MdNumbersRequest;

/* What the gateway answers: what it has seen of the terminal, and maybe a block. */
typedef struct
{
  guint serial;
  guint epoch;        /* from 1: what it was told, at most one more with each question */
  guint highest;      /* the highest number that arrived from it, 0: none */
  char last[37];      /* the intake of the last item that arrived in this epoch, or "" */
  guint last_n;       /* which of its items, 0 for none */
  guint from, to;     /* the new block; both 0: none */
  gboolean fresh;     /* it takes the place of all that the terminal holds */
  gboolean exhausted; /* there is none to give: the policy's range is used up */
} MdNumbersAnswer;

/* As the wire has them. Any thread. Returns: (transfer full). */
GBytes *md_numbers_request_encode (const MdNumbersRequest *request) G_GNUC_WARN_UNUSED_RESULT;
GBytes *md_numbers_answer_encode (const MdNumbersAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;

/* Read strictly: every member is there, is of its form, and there is no other. Errors:
 * MD_PROTOCOL_ERROR. Any thread. */
gboolean md_numbers_request_decode (GBytes *body, MdNumbersRequest *out,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean md_numbers_answer_decode (GBytes *body, MdNumbersAnswer *out,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
