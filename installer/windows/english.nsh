; What the installer says, in English. A translation is this file once more, with its own MUI_LANGUAGE line and
; LANG_ constant; cashier.nsi includes each.
!insertmacro MUI_LANGUAGE "English"

LangString WelcomeText ${LANG_ENGLISH} "This installs ${NAME} ${VERSION}: the till that knows the shop's members.$\r$\n$\r$\nSales, settings and training that are on this computer stay as they are."
LangString PartTill ${LANG_ENGLISH} "The till"
LangString PartTillText ${LANG_ENGLISH} "The till, and its entry in the Start menu."
LangString PartAutostart ${LANG_ENGLISH} "Open when Windows starts"
LangString PartAutostartText ${LANG_ENGLISH} "Opens the till as soon as somebody signs in to Windows."

LangString Not64Bit ${LANG_ENGLISH} "This computer's Windows is a 32-bit one. ${NAME} needs 64-bit Windows 10 of version 1809, or newer."
LangString TooOld ${LANG_ENGLISH} "This Windows is too old. ${NAME} needs 64-bit Windows 10 of version 1809, or newer."
LangString NewerIsHere ${LANG_ENGLISH} "Version $Known of ${NAME} is on this computer, and this is version ${VERSION}. An older version cannot read what a newer one has kept. Nothing was changed."
LangString NoSuchSwitch ${LANG_ENGLISH} "There is no switch $Said. There are /S, /CONFIG=FILE, /AUTOSTART, /NOAUTOSTART, /CLOSE and, last, /D=FOLDER."
LangString NoPreset ${LANG_ENGLISH} "The settings file $Preset is not there. Nothing was changed."
LangString PresetWrong ${LANG_ENGLISH} "The settings file $Preset does not fit. Nothing was changed.$\r$\n$\r$\n$Said"
LangString PresetNotKept ${LANG_ENGLISH} "The settings file could not be put into $PresetFolder. The version from before stays."
LangString OwnSettingsStay ${LANG_ENGLISH} "This till has settings of its own in $PresetFolder. They stay, and $Preset was not used."
LangString NotWritten ${LANG_ENGLISH} "$Target cannot be written. Nothing else was changed: the version from before stays."
LangString SwitchFailed ${LANG_ENGLISH} "Windows could not be told of the new version. Run this again."
LangString AlreadyRunning ${LANG_ENGLISH} "Another installation of ${NAME} is under way. Wait for it to end."

LangString TillIsOpen ${LANG_ENGLISH} "The till is open.$\r$\n$\r$\nYes: it is asked to close now.$\r$\nNo: it goes on selling, and the new version opens the next time.$\r$\nCancel: nothing is installed."
LangString StillOpen ${LANG_ENGLISH} "The till is still open. Close it, then run this again. Nothing was changed."
LangString CloseToRemove ${LANG_ENGLISH} "The till is open. Close it first; what is not posted yet is kept either way."
LangString RemoveText ${LANG_ENGLISH} "The program is removed. Sales, settings and training of this computer stay: a till that is installed again goes on with them."
LangString NotAllRemoved ${LANG_ENGLISH} "Some files could not be removed. Run this again after the next start of Windows."
