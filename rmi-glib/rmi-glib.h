/* rmi-glib/rmi-glib.h: everything a user of the library includes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "naming/rmi-naming.h"
#include "node/rmi-node.h"
#include "node/rmi-workers.h"
#include "rmi/rmi-address.h"
#include "rmi/rmi-by-value.h"
#include "rmi/rmi-class.h"
#include "rmi/rmi-connection.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-interface-info.h"
#include "rmi/rmi-types.h"
#include "rmi/rmi-version.h"
#include "skeletons/rmi-dynamic-skeleton.h"
#include "skeletons/rmi-invocation.h"
#include "skeletons/rmi-skeleton.h"
#include "stubs/rmi-dynamic-stub.h"
#include "stubs/rmi-stub.h"
