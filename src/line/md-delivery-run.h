// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LINE_COMPILATION)
#error "Private to line."
#endif

/* What the files of the delivery's thread share; nothing else calls it. */

#include "md-delivery-private.h"

#include <md-protocol.h>

G_BEGIN_DECLS

/* So many exchanges in a row that break after a good probe. */
#define MD_RUN_MOST_STRIKES 3u

/* A large container on its way in chunks. */
typedef struct
{
  MdDeliveryItem *item; /* claimed, and kept until it is whole; NULL: none is under way */
  MdTarget target;      /* its places; the offset is where the gateway says that it stands */
  gboolean asked;       /* the gateway has said it */
  gboolean moved;       /* a chunk got there since it was claimed */
  guint strays;         /* answers that brought it no further, in a row */
} MdRunUpload;

typedef struct
{
  MdDelivery *delivery;
  MdLineClient *client;
  guint at;         /* the address that it has; in the delivery's urls */
  guint silent;     /* addresses tried in vain, in a row */
  guint told;       /* the one that was told last, counted from 1; 0: none yet */
  const char *left; /* why that one was left */
  GError *serious;  /* what was wrong with one of those, more than that it is silent */
  guint strikes; /* exchanges that broke, or that the gateway could not serve, after a good probe;
 until an item is taken */
  MdLineState vain_state;  /* what is said as long as that is so, with the next three */
  const char *vain_reason; /* static */
  guint vain_at;           /* where an item was in vain, counted from 1; 0: a question alone */
  char *vain;              /* NULL: nothing is */
  gboolean asks_store;     /* whether the gateway's store works is to be asked */
  gint64 hop_at;           /* no address is left for such breaks before */
  gint64 doubt_at;         /* the next such break is not looked into at once before */
  gint64 back_at;          /* the first one is not tried before, while another is used */
  gboolean line_good;      /* the last exchange brought an answer of our gateway */
  gboolean receipt_bad;    /* stays until a receipt verifies */
  gint64 ahead_s;          /* of the gateway's clock this one is so far, at the last probe */
  gint64 probe_at;         /* monotonic milliseconds */
  gint64 later_at;         /* none before, whoever wakes: the gateway has said so */
  GHashTable *crowded;     /* intake -> since when it finds no room for its chunks, or NULL */
  gint64 moved_at;         /* when a chunk of any upload got there last */
  gint64 pause_until;      /* no item before */
  gboolean full;           /* the gateway has no room for containers; until it takes one */
  gint64 containers_at;    /* monotonic milliseconds: none before */
  MdDeliveryPick turn;     /* whose turn it is */
  gboolean passed;         /* nothing of the gateway's answer about numbers holds up a delivery */
  gboolean asked;          /* it has said what it has seen of this terminal, and that was taken */
  gint64 numbers_at;       /* receipt numbers are not looked after before */
  guint questions;         /* about numbers, that the gateway has answered in some way */
  GHashTable *doubted;   /* intake -> questions, when its number was said not to be ours; or NULL */
  GQueue unwritten;      /* what became of items, and is not in the outbox yet */
  guint unwritten_tries; /* in a row in vain */
  gint64 unwritten_since;  /* when the first of those was, with the next one: monotonic ms */
  gint64 write_at;         /* when they are tried again */
  char *store_failure;     /* of the own store, until it works again; NULL: it does */
  gboolean numbers_unkept; /* it did not take what the gateway said of them */
  MdRunUpload upload;
  gint64 renewal_at;    /* the pair is not looked after before */
  const char *renewal;  /* what was told of it last; NULL: nothing */
  char *pair;           /* whose connection it is: its key; NULL where none come over the line */
  gboolean pair_served; /* and it was served */
  guint pair_refusals;  /* since one was served */
  char *shunned;        /* one that was refused, */
  gint64 shunned_until; /* and is not tried before */
  gboolean small_next;  /* something small goes before the next chunk, if there is any */
  char question[MD_NUMBERS_QUESTION + 1]; /* about numbers, until it is answered; or "" */
} Run;

/* One turn of the thread: probes if that is due, delivers one item if there is one, or waits. */
void _md_run_turn (Run *run);

/* At its end: what it holds goes. */
void _md_run_clear (Run *run);

/* Monotonic milliseconds; and @ms, give or take a fifth. */
gint64 _md_run_now_ms (void);
gint64 _md_run_jitter (gint64 ms);

/* md-delivery-renewal.c. The pair for a new connection goes into @config. It was served; it was
 * refused: TRUE where another is tried at once. And whether it is time for the next one. */
void _md_run_choose_pair (Run *run, MdLineConfig *config);
void _md_run_pair_served (Run *run);
gboolean _md_run_pair_refused (Run *run);
void _md_run_look_after_pair (Run *run);

/* The nonce of an answer is the next one for an intake. */
void _md_run_take_nonce (Run *run, const MdLineAnswer *answer);

/* Somebody has to do something, and @detail says what; all is well, as far as the receipts and the
 * clock are; no exchange until the next probe. */
void _md_run_attention (Run *run, const char *reason, const char *detail);
void _md_run_good (Run *run);
void _md_run_rest (Run *run);

/* No answer came, the own store failed, the gateway serves this terminal as a whole not: each says
 * so, and rests or pauses. */
void _md_run_line_failed (Run *run, const GError *error);
void _md_run_store_failed (Run *run, const GError *error);
void _md_run_refused (Run *run, const MdProblem *problem);

/* A call of it did well: where nothing is left that it did not take, that is said. */
void _md_run_store_works (Run *run);

/* FALSE: the settings are wrong, and that has been said. */
gboolean _md_run_have_client (Run *run);

/* The address in use does not serve, for @reason: the next one is tried at once. FALSE: there is
 * none that was not tried since one served. */
gboolean _md_run_go_over (Run *run, const char *reason);

/* An exchange broke, or the gateway could not serve it, and the probe before it went well, which
 * asks nothing of its store: the same address is asked again, and left when that was so several
 * times. FALSE: there is but one. */
gboolean _md_run_doubt (Run *run, const char *reason);

/* The same of what the gateway could not serve: an item, or a question about numbers. */
void _md_run_unserved (Run *run, gboolean of_item, const MdProblem *problem);

/* Nothing passes, whatever the probe says: so it is said until something does, until a gateway's
 * store answers that has not failed an item, or until there is nothing that could pass. */
void _md_run_in_vain (Run *run, MdLineState state, const char *reason, const char *text);
void _md_run_passes (Run *run);
void _md_run_store_answers (Run *run);
void _md_run_nothing_waits (Run *run);

/* The address in use serves; whether the first one does again. */
void _md_run_arrived (Run *run);
void _md_run_look_back (Run *run);

/* What @answer says of when to come again, in milliseconds: no longer than the longest wait. */
gint64 _md_run_wait_of (Run *run, const MdLineAnswer *answer);

/* What became of @item: back into the queue, to wait as after so many @attempts, and no less than
 * @wait_ms, or not at all where that is negative; the answer to its PUT, or to whatever stands for
 * it; one that took it not. */
void _md_run_put_back (Run *run, const MdDeliveryItem *item, guint attempts, gint64 wait_ms,
                       gboolean counts, const char *reason);
void _md_run_answered (Run *run, const MdDeliveryItem *item, const MdLineAnswer *answer);
void _md_run_not_accepted (Run *run, const MdDeliveryItem *item, const MdLineAnswer *answer);

/* The same, written into the outbox: the gateway has it (a receipt that was verified), it waits for
 * @delay_ms, or it is set aside. What cannot be written at once is kept and tried again by
 * _md_run_write_outcomes(), which is FALSE where it failed again: nothing is begun meanwhile, for a
 * while, and nothing is sent again of which the outcome is known. The next try is at
 * _md_run_next_write(). */
void _md_run_taken (Run *run, const MdDeliveryItem *item, GBytes *receipt, guint64 sequence,
                    const char *time);
void _md_run_waits (Run *run, const MdDeliveryItem *item, gint64 delay_ms, gboolean counts,
                    const char *reason);
void _md_run_set_aside (Run *run, const MdDeliveryItem *item, const char *code, const char *text);
gboolean _md_run_write_outcomes (Run *run);
gboolean _md_run_may_claim (const Run *run);
gboolean _md_run_has_outcome (const Run *run, const MdDeliveryItem *item);
gint64 _md_run_next_write (const Run *run);

void _md_run_forget_outcomes (Run *run);

/* Sends @item in one piece. */
void _md_run_deliver_whole (Run *run, const MdDeliveryItem *item);

/* Whether @item goes in chunks, and how large one may be that does not. */
gboolean _md_run_is_large (const MdDeliveryItem *item);
gsize _md_run_largest_small (void);

/* Begins (@item: transfer full), goes on by one exchange with, or puts back the one upload that is
 * under way. */
void _md_run_begin_upload (Run *run, MdDeliveryItem *item);
void _md_run_go_on (Run *run);
void _md_run_suspend_upload (Run *run);

/* By when (monotonic milliseconds) a large container that finds no room for its chunks goes in one
 * piece at the latest; -1: none waits for that. */
gint64 _md_run_crowded_until (const Run *run);

/* Asks for receipt numbers ahead of need, and once in a life of this thread, before anything is
 * delivered, what the gateway has seen of this terminal. FALSE: nothing is to be delivered yet. */
gboolean _md_run_look_after_numbers (Run *run);

/* Whether the gateway that @client leads to does what needs its store. */
gboolean _md_run_tries_store (Run *run, MdLineClient *client);

/* The gateway says that the number of @intake was not issued to this terminal: TRUE where it may
 * have forgotten that since it was asked, in a store that was put back. It is told first what this
 * terminal holds, and the intake goes once more. */
gboolean _md_run_doubt_number (Run *run, const char *intake);

G_END_DECLS
