// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Backup: copies of the database, sealed to the office's recovery certificate, which no key of this
 * terminal opens: by the clock where the settings say so ([backup] certificate), and when asked. */
Backup *backup_new (Service *service) G_GNUC_WARN_UNUSED_RESULT;
/* Gives up what is under way. */
void backup_free (Backup *self);

/* Makes one when it is time. */
void backup_tick (Backup *self);

/* Into the dictionary of Health: backup_state s ("off", "none", "ok", "old", "failed"), backup_last
 * s, backup_trouble s. */
void backup_describe (Backup *self, GVariantBuilder *builder);
