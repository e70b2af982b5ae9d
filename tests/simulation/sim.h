// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-ledger.h>
#include <md-outbox.h>
#include <md-policy.h>
#include "admission.h"
#include "power-disk.h"

G_BEGIN_DECLS

/* A ward in one process: terminals and a gateway on disks in memory, a clock and a line that are
 * ours, and all else as the offices have it. One seed is one run: README.md. */

#define SIM_TERMINALS 3u

/* What is broken on purpose, so that the judge is seen to find it. */
typedef enum
{
  SIM_SOUND,
  SIM_GATEWAY_DRIVE,  /* says that it has synced, and has not */
  SIM_TERMINAL_DRIVE, /* the same */
  SIM_ANY_RECEIPT,    /* terminals take whatever comes with a 200 for a receipt */
  SIM_UNTOLD,         /* terminals do not listen to what the gateway has seen of them */
} SimSabotage;

/* Keys and policy of the ward, once in a process. */
typedef struct
{
  MdPolicy *policy;
  MdCertificate *clerk, *officer, *business;
  MdKey *clerk_key, *officer_key;
  GatewaySettings *settings; /* the ledger is each run's own */
  char *folder;
} SimWard;

void sim_ward_set_up (SimWard *ward);
void sim_ward_tear_down (SimWard *ward);

/* The sealed application of what is reserved, of SIZE bytes at least, and an officer's word upon it
 * as it is sent. (transfer full) */
GBytes *sim_ward_make_container (const SimWard *ward, const char *terminal,
                                 const MdOutboxIntake *intake, gsize size, MdClock *clock);
GBytes *sim_ward_make_decision (const SimWard *ward, const char *terminal, GBytes *container,
                                gboolean approves, MdClock *clock, char **out_signature_sha256);

/* Something that a clerk or an officer has made. */
typedef struct
{
  char *intake;
  guint n;
  char *digest;
  char *number;  /* the receipt number */
  gboolean sure; /* they were told that it is stored, and nobody has put an older disk back since */
  gboolean told; /* they were told so: the number is on a slip */
  gboolean gone; /* the gateway's receipt for it is here, and its ledger was put back since */
  gboolean forgotten; /* an image of an older disk was put back since: if it has not arrived, nobody
                         can know that its number was given */
} SimMade;

typedef struct _Sim Sim;

typedef struct
{
  Sim *sim;
  guint serial;
  Peer peer;
  MdTestClock *clock;
  PowerDisk *disk;
  guint life;
  MdDb *db;
  MdAudit *audit;
  MdOutbox *outbox;
  struct _SimDelivery *delivery; /* NULL: it is off */
  guint told;                    /* what the disk held then is known elsewhere: no cut before it */
  gboolean doomed;               /* the power goes during what it does next */
  PowerDisk *backup;             /* nullable */
  guint made_before_backup;
  gboolean put_back; /* as an image: nobody is served before the gateway has spoken */
  guint intakes_left, decisions_left;
  gint64 on_at, turn_at, clerk_at, trouble_at, clogged_until, hurry_at; /* virtual milliseconds */
} SimTerminal;

typedef struct
{
  PowerDisk *disk;
  guint life;
  MdTestClock *clock;
  GatewaySettings settings;
  Office *office; /* NULL: it is off */
  gboolean doomed;
  PowerDisk *backup;     /* nullable */
  GHashTable *in_backup; /* set of "intake n" */
  gint64 on_at, trouble_at;
} SimGateway;

/* What the run has seen, for the last line. */
typedef struct
{
  guint64 stored, cuts, faults, lost_requests, lost_answers, altered, repeated, refused, jumps,
      set_aside, chunks, restored, ledgers_restored, foreign;
} SimCounts;

struct _Sim
{
  const SimWard *ward;
  SimSabotage sabotage;
  guint64 seed;
  PowerRandom random;
  gint64 now;         /* virtual milliseconds */
  gboolean is_honest; /* the line loses things, and nobody on it says anything untrue */
  gboolean restores;  /* terminals get older disks back */
  gboolean forgets;   /* the gateway does */
  gboolean healed;
  guint n_terminals;
  SimTerminal terminals[SIM_TERMINALS];
  SimGateway gateway;
  SimTerminal *acting; /* whose code runs, or NULL */
  GPtrArray *made;     /* SimMade */
  GPtrArray *late;     /* requests that come once more; sim-line.c */
  GChecksum *trace;
  SimCounts counts;
  GString *trouble; /* what the judge found; empty: nothing */
};

/* The run that goes on. */
extern Sim *sim_running;

/* --- sim-run.c --- */

/* One run from its seed. (transfer full) */
Sim *sim_run (const SimWard *ward, guint64 seed, SimSabotage sabotage);
void sim_free (Sim *sim);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sim, sim_free)

/* A digest of all that happened. */
const char *sim_get_trace (Sim *sim);

gboolean sim_chance (Sim *sim, guint percent);
/* A time from LEAST to MOST. */
gint64 sim_between (Sim *sim, gint64 least, gint64 most);
/* Lets MS pass on all clocks. */
void sim_pass (Sim *sim, gint64 ms);
/* Enters an event in the trace, and tells it where MADOGUCHI_SIMULATION_TELL is set. */
void sim_tell (Sim *sim, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* --- sim-disk.c --- */

/* Cuts DISK off at the place AT; what is left of it is the disk of the next life. (transfer full)
 */
PowerDisk *sim_disk_cut (Sim *sim, PowerDisk *disk, const char *name, guint *life, guint at);
/* A call of DISK fails soon. */
void sim_disk_trouble (Sim *sim, PowerDisk *disk);
void sim_disk_calm (PowerDisk *disk);
const PowerModel *sim_disk_model (const Sim *sim, gboolean of_gateway);
/* Disks with today's tables and nothing in them, made once for all runs. */
PowerDisk *sim_disk_new (Sim *sim, const char *name, gboolean of_gateway);
void sim_disk_forget_templates (void);

/* --- sim-terminal.c --- */

void sim_terminal_init (SimTerminal *self, Sim *sim, guint serial);
void sim_terminal_clear (SimTerminal *self);
/* Whatever is due at it. */
void sim_terminal_go_on (SimTerminal *self);
gint64 sim_terminal_next (const SimTerminal *self);
/* Nothing waits to be sent any more. A supervisor has what was set aside tried again. */
gboolean sim_terminal_is_idle (SimTerminal *self);
/* Whether the intake is delivered, as far as this terminal knows, or it is off. */
gboolean sim_terminal_has_sent (SimTerminal *self, const char *intake);
void sim_terminal_heal (SimTerminal *self);

/* --- sim-delivery.c: the engine, without its thread --- */

typedef struct _SimDelivery SimDelivery;

/* Takes a connection of its own; NULL with ERROR. */
SimDelivery *sim_delivery_new (const SimTerminal *terminal, const char *path, const SimWard *ward,
                               GError **error);
void sim_delivery_free (SimDelivery *self);
/* One turn of its thread; when the next is due, virtual milliseconds. */
gint64 sim_delivery_turn (SimDelivery *self);
void sim_delivery_wake (SimDelivery *self);
/* The gateway has told it what it has seen of this terminal. */
gboolean sim_delivery_was_told (const SimDelivery *self);

/* --- sim-gateway.c --- */

typedef struct
{
  const char *method, *path, *type; /* TYPE and BODY: nullable */
  GBytes *body;
  const char *etag;   /* nullable */
  guint64 whole_size; /* of what BODY is a chunk of; 0: of nothing */
} SimRequest;

typedef struct
{
  guint status;
  char *type, *etag;
  GBytes *nonce, *body; /* each nullable */
} SimAnswer;

void sim_answer_clear (SimAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SimAnswer, sim_answer_clear)

void sim_gateway_init (SimGateway *self, Sim *sim);
void sim_gateway_clear (SimGateway *self);
void sim_gateway_go_on (Sim *sim);
gint64 sim_gateway_next (const Sim *sim);
void sim_gateway_heal (Sim *sim);
/* FALSE: nobody answered; whether anything was stored is not known. */
gboolean sim_gateway_ask (Sim *sim, const Peer *peer, const SimRequest *request, SimAnswer *out);

/* --- sim-line.c --- */

void sim_line_init (Sim *sim);
/* Requests that come once more. */
gint64 sim_line_next (const Sim *sim);
void sim_line_go_on (Sim *sim);

/* --- sim-time.c --- */

/* Random numbers, OpenSSL's included, from the seed. */
void sim_time_seed (guint64 seed);
/* Until when the engine would wait now, virtual milliseconds; -1: it does not. */
gint64 sim_time_take_wait (void);

/* --- sim-judge.c --- */

/* Holds what the gateway and the terminals have against what people were told. */
void sim_judge (Sim *sim);

G_END_DECLS
