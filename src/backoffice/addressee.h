// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "eyes.h"

G_BEGIN_DECLS

/* Whom the business system knows the application's person as: the addressee number (宛名番号), by
 * which it keeps every record, with household and relationship, and what is left of a limit. The
 * counter has none of it; it is what the application says or what the office holds of this person,
 * where name and day of birth are theirs. */

#define RENOVATION_BALANCE "k.rn_balance" /* of the form that is about it */

/* For the export; its "number" is null for whom the office does not hold yet. (transfer full) */
MdRecord *addressee_record (const Eyes *eyes) G_GNUC_WARN_UNUSED_RESULT;

/* Puts a line into @out for each thing that the office holds of the person and that may be shown.
 */
typedef void (*AddresseePut) (MdWriter *out, const char *indent, const char *label,
                              const char *value);
void addressee_put_held (const Eyes *eyes, AddresseePut put, MdWriter *out);

G_END_DECLS
