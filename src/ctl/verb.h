// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-bus.h"

/* Exit codes; the manual page and --help say the same. */
typedef enum
{
  STATUS_OK = 0,
  STATUS_FINDING = 1, /* it worked, and what it found is not in order */
  STATUS_USAGE = 2,   /* the command line is wrong */
  STATUS_ABSENT = 3,  /* the service does not answer */
  STATUS_REFUSED = 4, /* not allowed */
  STATUS_FAILED = 5,  /* anything else */
} Status;

/* What all verbs share. */
typedef struct
{
  gboolean json;
  gboolean session;
  char *database;        /* --database, for "audit verify" without the service */
  gboolean card;         /* --card, for "doctor" */
  char *forms;           /* --forms, for "forms" */
  char *policy;          /* --policy, for "forms lint" */
  char **operands;       /* all words behind the verb */
  char *report;          /* --report, for "doctor" */
  char *config;          /* --config, for "backup verify" and "backup restore" */
  char *key;             /* --key, for the same */
  char *certificate;     /* --certificate, for the same */
  int passphrase_fd;     /* --passphrase-fd, for the same; -1: asked for */
  char *carrier;         /* --carrier, for "medium export" */
  char *purpose;         /* --purpose, for the same */
  char *method;          /* --method, for "medium dispose" */
  char *usb;             /* --usb-folder, for tests of "doctor --card" */
  gint64 after;          /* --after */
  gint64 limit;          /* --limit */
  MdBusTerminal1 *proxy; /* made on first use */
} Context;

typedef Status (*VerbFunc) (Context *context, const char *operand);

/* The service; NULL after saying on stderr that it is not there. */
MdBusTerminal1 *context_proxy (Context *context);

/* Says ERROR on stderr (transfer full) and gives the exit code that fits. */
Status context_fail (GError *error);

Status verb_queue_list (Context *context, const char *operand);
Status verb_queue_retry (Context *context, const char *operand);
Status verb_queue_park (Context *context, const char *operand);
Status verb_queue_release (Context *context, const char *operand);
Status verb_line_status (Context *context, const char *operand);
Status verb_audit_list (Context *context, const char *operand);
Status verb_audit_verify (Context *context, const char *operand);
Status verb_backup_create (Context *context, const char *operand);
Status verb_backup_list (Context *context, const char *operand);
Status verb_backup_salvage (Context *context, const char *operand);
Status verb_backup_verify (Context *context, const char *operand);
Status verb_backup_restore (Context *context, const char *operand);
Status verb_card_info (Context *context, const char *operand);
Status verb_card_change_pin (Context *context, const char *operand);
Status verb_crl_list (Context *context, const char *operand);
Status verb_crl_fetch (Context *context, const char *operand);
Status verb_crl_add (Context *context, const char *operand);
Status verb_forms_lint (Context *context, const char *operand);
Status verb_forms_list (Context *context, const char *operand);
Status verb_forms_show (Context *context, const char *operand);
Status verb_forms_diff (Context *context, const char *operand);
Status verb_forms_guide (Context *context, const char *operand);
Status verb_forms_export (Context *context, const char *operand);
Status verb_forms_import (Context *context, const char *operand);
Status verb_forms_copy (Context *context, const char *operand);
Status verb_medium_register (Context *context, const char *operand);
Status verb_medium_retire (Context *context, const char *operand);
Status verb_medium_dispose (Context *context, const char *operand);
Status verb_medium_list (Context *context, const char *operand);
Status verb_medium_ledger (Context *context, const char *operand);
Status verb_medium_export (Context *context, const char *operand);
Status verb_medium_take (Context *context, const char *operand);
Status verb_medium_erase (Context *context, const char *operand);
Status verb_medium_lost (Context *context, const char *operand);
Status verb_retention_list (Context *context, const char *operand);
Status verb_erasures_list (Context *context, const char *operand);
Status verb_staff_set_password (Context *context, const char *operand);
Status verb_doctor (Context *context, const char *operand);
Status verb_doctor_card (Context *context);
