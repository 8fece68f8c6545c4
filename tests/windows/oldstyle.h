/* SPDX-License-Identifier: MIT */
/* oldstyle.h -- numbers of resources. */
#define IDS_NAME        1
#define IDS_VENDOR      2
#define IDS_DESCRIPTION 3
#define IDS_GREETING    100
#define IDS_ACCENTS     101
#define IDR_TABLE       200
