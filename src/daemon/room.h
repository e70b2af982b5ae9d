// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* The disk's room for what has been sealed. Of it the service keeps a part: so much has to be free
 * before a new intake is begun, what is free within the database included, and half as much again
 * lies in a file, whose place is given to receipts, decisions and erasure when others have filled
 * the disk. */
typedef enum
{
  ROOM_ENOUGH,
  ROOM_LITTLE, /* somebody should see to it */
  ROOM_NONE,   /* no new intake is begun */
} Room;

/* Looks anew, and gives the file's place away or takes it back. */
Room room_look (Service *self);

/* "ok", "little" or "none". */
const char *room_word (Room room);

/* What has to be said to those at the counter, or NULL. (transfer full) */
char *room_dup_attention (Service *self);

/* For what nobody can begin. (transfer full) */
GError *room_make_error (void) G_GNUC_WARN_UNUSED_RESULT;
