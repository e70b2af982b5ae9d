// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "settings.h"

/* Settings that the service does not start with have their record all the same, where they name a
 * state directory with a log in it that no other service works with: event "settings", KEY (as
 * "line.url") and whether its value is missing or invalid. Not again when it is the last thing in
 * the log, since a service that ends is started again and again. */
void note_settings (const Settings *settings, const char *key, const GError *failure);
