/* rmi-glib/rmi-glib.h: everything a user of the library includes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-address.h"
#include "rmi/rmi-connection.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-interface-info.h"
#include "rmi/rmi-types.h"
#include "rmi/rmi-version.h"
