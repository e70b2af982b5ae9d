// SPDX-License-Identifier: Apache-2.0
#pragma once

/* Accidents to come: what goes wrong, and at which command. */

#include "vc-card.h"

G_BEGIN_DECLS

typedef enum
{
  VC_FAULT_NONE,
  VC_FAULT_REMOVE,       /* card pulled out before it works on the command */
  VC_FAULT_REMOVE_AFTER, /* card has done the work, and is pulled out before the answer */
  VC_FAULT_MUTE,         /* never answers */
  VC_FAULT_DELAY,        /* answers VALUE ms late */
  VC_FAULT_SW,           /* answers the status word VALUE without doing anything */
  VC_FAULT_GARBAGE,      /* does the work; the data of the answer is noise of the same length */
  VC_FAULT_SHORT,        /* does the work; half of the data is missing */
  VC_FAULT_LONG,         /* does the work; 300 bytes too many */
  VC_FAULT_ONE_BYTE,     /* an answer too short to hold a status word */
  VC_FAULT_RESET,        /* the card forgets everything, then works on the command */
  VC_FAULT_SWAP,         /* pulled out before it works on the command, and another one put in */
} VcFaultKind;

typedef struct
{
  VcFaultKind kind;
  guint value;
  gint ins;       /* counts only commands with this INS; -1: all */
  guint at;       /* 1: the next such command */
  gboolean every; /* stays; AT is not used */
} VcFault;

/* Reads "KIND [VALUE] [ins XX] at N|every"; error: VC_ERROR_SYNTAX. */
gboolean vc_fault_parse (const char *text, VcFault *out_fault,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Counts one command with this INS down in FAULTS (of VcFault); the first fault that is due is
 * taken out (unless it stays) and returned; VC_FAULT_NONE otherwise. */
VcFault vc_faults_next (GArray *faults, guint8 ins);

/* The answer as the fault leaves it. Caller owns the result. */
GBytes *vc_fault_spoil (const VcFault *fault, GBytes *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
