// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

/* terminal.ini as the service reads it. Strings are owned. */
typedef struct
{
  char *terminal;
  char *office;
  char *state_dir;
  char *environment; /* "test" or "production" */
  char *policy_bundle;
  char *policy_anchor;
  char *line_url;
  char *line_proxy; /* nullable */
  char *line_ca;
  char *line_certificate;
  char *line_key;
  char *crl_dir;            /* lists of revoked certificates, which the window reads, too */
  char *backup_certificate; /* what backups are sealed to; NULL: there are none */
  char *backup_folder;
  guint backup_hours;    /* between two of them */
  guint backup_keep;     /* how many stay */
  guint64 reserve_bytes; /* of the disk, kept for what was taken in: room.h; 0: nothing is */
  char *forms_dir;       /* the procedures' definitions; where they are installed when not set */
} Settings;

/* Errors: G_KEY_FILE_ERROR or G_FILE_ERROR; the message names file and key and says what to do. */
Settings *settings_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void settings_free (Settings *settings);

/* Whether certificates and policies of a test PKI are accepted. */
gboolean settings_is_test (const Settings *settings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Settings, settings_free)
