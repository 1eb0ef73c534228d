; The Windows installer. installer/build_setup.py defines what stands in capitals and writes the list of files; installer/README.md
; says why it is as it is, docs/install.md how it is used.
;
; Each version has a folder of its own under the root and its own uninstaller, which deletes exactly its own files. A new
; one is written whole before anything points at it; then what Windows opens is switched, each by one rename; only then
; is the old one removed. Killed anywhere, Windows opens the old version or the new one, and both are whole.

Unicode true
!ifdef TARGET
  Target ${TARGET} ; tests only
!endif
!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include WinVer.nsh
!include x64.nsh
!include "${PAYLOAD}"

!define NAME "cashier-app"
!define WINDOW "cashier-app.exe"
!define COMMANDS "cashier-cli.exe"
!define UNINSTALLER "uninstall.exe"
!define LINK "${NAME}.lnk"
!define REGISTERED "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define LEAST_BUILD 17763 ; Windows 10 1809, the oldest Qt 6.11 knows
!define IS_LINK 0x400 ; FILE_ATTRIBUTE_REPARSE_POINT
!define MOVE_OVER_NOW 0x9 ; MOVEFILE_REPLACE_EXISTING and MOVEFILE_WRITE_THROUGH
!define PATIENCE 60 ; half seconds a till has to close
; Exit codes of the silent mode; 1 and 2 are Windows' own: given up, and files that cannot be written.
!define EXIT_WRONG_WINDOWS 3
!define EXIT_NEWER_IS_HERE 4
!define EXIT_PRESET 5
!define EXIT_OPEN 6
!define EXIT_NOT_WRITTEN 7
!define EXIT_SWITCH 8

Name "${NAME}"
OutFile "${OUT}"
BrandingText "${NAME} ${VERSION}"
SetCompressor /SOLID ${COMPRESSOR}
ManifestSupportedOS Win10
ManifestDPIAware true
ShowInstDetails nevershow
ShowUninstDetails nevershow
!if "${SCOPE}" == "machine"
  RequestExecutionLevel admin
  !define ROOT_KEY HKLM
  !define CONTEXT all
  !define ALONE "Global\${NAME}-setup" ; also where a tool installs beside whoever is signed in
!else
  RequestExecutionLevel user
  !define ROOT_KEY HKCU
  !define CONTEXT current
  !define ALONE "${NAME}-setup"
!endif

VIProductVersion "${VERSION_NUMBER}"
VIFileVersion "${VERSION_NUMBER}"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Installs ${NAME}"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "LegalCopyright" "${PUBLISHER}"

Var Target ; the folder this version is written to
Var Current ; the folder what Windows opens is in, empty where nothing is installed
Var Known ; the version that is there
Var Preset ; the settings file named by /CONFIG=
Var PresetFolder
Var Asked ; the folder named by /D=, empty where none is
Var Said ; what a sentence repeats
Var Close ; whether a till that is open is asked to close
Var Autostart ; whether the till opens when Windows starts
Var IsOpen

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TEXT $(WelcomeText)
!define MUI_COMPONENTSPAGE_SMALLDESC
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!if "${SCOPE}" == "user" ; started from here the other one would run with an administrator's rights and data
  !define MUI_FINISHPAGE_RUN
  !define MUI_FINISHPAGE_RUN_FUNCTION OpenTill
!endif
!insertmacro MUI_PAGE_FINISH
!define MUI_UNCONFIRMPAGE_TEXT_TOP $(RemoveText)
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!include "english.nsh"

!ifdef UNINSTALLER_COPY
  !uninstfinalize 'cp "%1" "${UNINSTALLER_COPY}"'
!endif

; Say a sentence. Without a window it stands in a file, for whoever installs on many computers.
!macro Say sentence icon
  ${If} ${Silent}
    FileOpen $R9 "$TEMP\cashier-app-setup.txt" w
    FileWriteUTF16LE /BOM $R9 "${sentence}$\r$\n"
    FileClose $R9
  ${Else}
    MessageBox MB_OK|${icon} "${sentence}"
  ${EndIf}
!macroend

!macro Refuse sentence code
  !insertmacro Say "${sentence}" MB_ICONSTOP
  SetErrorLevel ${code}
  Quit
!macroend

; Set $IsOpen to 1 while a program in the folder on the stack is running: Windows lets nobody write to such a file.
!macro DefineIsOpen un
Function ${un}AskIsOpen
  Exch $R8
  StrCpy $IsOpen 0
  ${If} ${FileExists} "$R8\${WINDOW}"
    ClearErrors
    FileOpen $R9 "$R8\${WINDOW}" a
    ${If} ${Errors}
      StrCpy $IsOpen 1
    ${Else}
      FileClose $R9
    ${EndIf}
  ${EndIf}
  ${If} ${FileExists} "$R8\${COMMANDS}"
    ClearErrors
    FileOpen $R9 "$R8\${COMMANDS}" a
    ${If} ${Errors}
      StrCpy $IsOpen 1
    ${Else}
      FileClose $R9
    ${EndIf}
  ${EndIf}
  ClearErrors
  Pop $R8
FunctionEnd

; Ask the till in the folder on the stack to close, as its own close button does, and wait for it.
Function ${un}AskToClose
  Exch $R7
  nsExec::Exec '"$SYSDIR\taskkill.exe" /IM ${WINDOW}'
  Pop $R6
  StrCpy $R6 0
  ${Do}
    Push $R7
    Call ${un}AskIsOpen
    ${If} $IsOpen == 0
      ${ExitDo}
    ${EndIf}
    Sleep 500
    IntOp $R6 $R6 + 1
  ${LoopUntil} $R6 >= ${PATIENCE}
  Pop $R7
FunctionEnd
!macroend
!insertmacro DefineIsOpen ""
!insertmacro DefineIsOpen "un."

!macro Refuse_if_newer key view
  SetRegView ${view}
  ReadRegStr $0 ${key} "${REGISTERED}" "VersionNumber"
  ${If} $0 != ""
    ${VersionCompare} "$0" "${VERSION_NUMBER}" $1
    ${If} $1 == 1
      ReadRegStr $Known ${key} "${REGISTERED}" "DisplayVersion"
      !insertmacro Refuse "$(NewerIsHere)" ${EXIT_NEWER_IS_HERE}
    ${EndIf}
  ${EndIf}
!macroend

Function .onInit
  StrCpy $Asked $INSTDIR ; nothing but /D= sets it so early
  SetShellVarContext ${CONTEXT}
  ${IfNot} ${RunningX64}
    !insertmacro Refuse "$(Not64Bit)" ${EXIT_WRONG_WINDOWS}
  ${EndIf}
  ${IfNot} ${AtLeastBuild} ${LEAST_BUILD}
    !insertmacro Refuse "$(TooOld)" ${EXIT_WRONG_WINDOWS}
  ${EndIf}
  System::Call 'kernel32::CreateMutexW(p 0, i 0, w "${ALONE}") p .r1 ?e'
  Pop $0
  ${If} $0 == 183 ; ERROR_ALREADY_EXISTS
  ${OrIf} $1 == 0 ; somebody else's, which may not even be looked at
    !insertmacro Refuse "$(AlreadyRunning)" ${EXIT_OPEN}
  ${EndIf}
  ; Both installations would read the same sales: neither may be older than the newest.
  !insertmacro Refuse_if_newer HKCU 64
  !insertmacro Refuse_if_newer HKLM 64

  Call ReadSwitches
  ReadRegStr $Current ${ROOT_KEY} "${REGISTERED}" "Folder"
  ReadRegStr $0 ${ROOT_KEY} "${REGISTERED}" "InstallLocation"
  ${If} $0 != ""
    StrCpy $INSTDIR $0
  ${ElseIf} $Asked != ""
    StrCpy $INSTDIR $Asked
  ${Else}
    !if "${SCOPE}" == "machine"
      StrCpy $INSTDIR "$PROGRAMFILES64\${NAME}"
    !else
      StrCpy $INSTDIR "$LOCALAPPDATA\Programs\${NAME}"
    !endif
  ${EndIf}
  ; A folder named by /D= gets one of ours in it: what stands beside is none of ours.
  ${GetFileName} "$INSTDIR" $0
  ${If} $0 != "${NAME}"
    StrCpy $INSTDIR "$INSTDIR\${NAME}"
  ${EndIf}
FunctionEnd

Section "$(PartTill)" Till
  SectionIn RO
  Call FinishLastSwitch
  Call CloseOldTill
  Call ChooseTarget
  ; The uninstaller first: whatever is left behind here can be removed by its own list.
  ClearErrors
  SetOutPath "$Target"
  WriteUninstaller "$Target\${UNINSTALLER}"
  ${If} ${Errors}
    !insertmacro Refuse "$(NotWritten)" ${EXIT_NOT_WRITTEN}
  ${EndIf}
  !insertmacro PayloadFiles
  SetOutPath "$INSTDIR" ; no folder of a version is held open
  ${If} ${Errors}
    !insertmacro Refuse "$(NotWritten)" ${EXIT_NOT_WRITTEN}
  ${EndIf}
  Call CheckPreset
  Call KeepPreset
SectionEnd

Section /o "$(PartAutostart)" Autostarted
SectionEnd

; Last: what was ticked above is known, and everything is written.
Section "-switch"
  StrCpy $Autostart 0
  ${If} ${SectionIsSelected} ${Autostarted}
    StrCpy $Autostart 1
  ${EndIf}
  Call Register
  Push "$Target"
  Call PointLinks
  StrCpy $Current $Target
  Call RemoveOthers
  SetErrorLevel 0
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${Till} $(PartTillText)
  !insertmacro MUI_DESCRIPTION_TEXT ${Autostarted} $(PartAutostartText)
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; /CONFIG=FILE, /AUTOSTART, /NOAUTOSTART, /CLOSE; /S and /D= are NSIS's own. Autostart stays as it was where neither
; is given. Windows itself takes the line apart: quotes may stand around the whole switch or around the file. NSIS knows
; its own three by capitals and without quotes only: a small /s would wait for somebody in front of fifty tills.
Function ReadSwitches
  ${If} ${FileExists} "$SMSTARTUP\${LINK}"
    !insertmacro SelectSection ${Autostarted}
  ${EndIf}
  StrCpy $Close 0
  Delete "$TEMP\cashier-app-setup.txt"
  System::Call 'kernel32::GetCommandLineW() w .R0'
  System::Call 'shell32::CommandLineToArgvW(w R0, *i .R1) p .R2'
  StrCpy $R3 1
  ${While} $R3 < $R1
    IntOp $R4 $R3 * ${NSIS_PTR_SIZE}
    IntPtrOp $R4 $R2 + $R4
    System::Call '*$R4(w .R5)'
    IntOp $R3 $R3 + 1
    StrCpy $R6 $R5 8
    StrCpy $R7 $R5 3
    ${If} $R7 S== "/D="
      ; Without quotes NSIS has taken all of the rest. In quotes it has not seen it.
      ${If} $Asked != ""
        ${ExitWhile}
      ${EndIf}
      StrCpy $Asked $R5 "" 3
      StrCpy $R6 $Asked 2 1
      StrCpy $R7 $Asked 2
      ${If} $R6 != ":\"
      ${AndIf} $R7 != "\\"
        StrCpy $Said $R5
        !insertmacro Refuse "$(NoSuchSwitch)" ${EXIT_SWITCH}
      ${EndIf}
    ${ElseIf} $R5 == "/S"
      SetSilent silent
    ${ElseIf} $R6 == "/CONFIG="
      StrCpy $Preset $R5 "" 8
      Call FindPreset
    ${ElseIf} $R5 == "/AUTOSTART"
      !insertmacro SelectSection ${Autostarted}
    ${ElseIf} $R5 == "/NOAUTOSTART"
      !insertmacro UnselectSection ${Autostarted}
    ${ElseIf} $R5 == "/CLOSE"
      StrCpy $Close 1
    ${ElseIf} $R5 S!= "/NCRC"
      StrCpy $Said $R5
      !insertmacro Refuse "$(NoSuchSwitch)" ${EXIT_SWITCH}
    ${EndIf}
  ${EndWhile}
  System::Call 'kernel32::LocalFree(p R2)'
FunctionEnd

Function FindPreset
  GetFullPathName $0 "$Preset" ; empty where nothing is there
  ${If} $0 == ""
  ${OrIfNot} ${FileExists} "$0"
  ${OrIf} ${FileExists} "$0\*.*"
    !insertmacro Refuse "$(NoPreset)" ${EXIT_PRESET}
  ${EndIf}
  StrCpy $Preset $0
FunctionEnd

; An installation killed in the middle of switching left some links on the version before. From here on all of them
; lead to the registered one, so that the folder chosen next is nobody's.
Function FinishLastSwitch
  ${If} $Current != ""
  ${AndIf} ${FileExists} "$Current\${WINDOW}"
    StrCpy $Autostart 0
    ${If} ${FileExists} "$SMSTARTUP\${LINK}"
      StrCpy $Autostart 1
    ${EndIf}
    Push "$Current"
    Call PointLinks
  ${EndIf}
FunctionEnd

; A till that is open may go on with its own version: nothing is taken from under it.
Function CloseOldTill
  ${If} $Current == ""
    Return
  ${EndIf}
  Push "$Current"
  Call AskIsOpen
  ${If} $IsOpen == 0
    Return
  ${EndIf}
  ${If} ${Silent}
    ${If} $Close == 0
      Return
    ${EndIf}
  ${Else}
    MessageBox MB_YESNOCANCEL|MB_ICONQUESTION "$(TillIsOpen)" IDYES close IDNO goOn
    SetErrorLevel 1
    Quit
    goOn:
    Return
    close:
  ${EndIf}
  Push "$Current"
  Call AskToClose
  ${If} $IsOpen == 1
    !insertmacro Refuse "$(StillOpen)" ${EXIT_OPEN}
  ${EndIf}
FunctionEnd

; The folder of this version, or a second one where the same version is installed once more. What an earlier attempt
; left in it goes first.
Function ChooseTarget
  StrCpy $Target "$INSTDIR\${VERSION}"
  ${If} $Target == $Current
    StrCpy $Target "$INSTDIR\${VERSION}-again"
  ${EndIf}
  Push "$Target"
  Call AskIsOpen
  ${If} $IsOpen == 1
    !insertmacro Refuse "$(StillOpen)" ${EXIT_OPEN}
  ${EndIf}
  Push "$Target"
  Call RemoveVersion
FunctionEnd

; Let the new version itself read the file before anything is switched to it.
Function CheckPreset
  ${If} $Preset == ""
    Return
  ${EndIf}
  nsExec::ExecToStack '"$Target\${COMMANDS}" config check --fleet "$Preset"'
  Pop $0
  Pop $Said
  ${If} $0 != 0
    Push "$Target"
    Call RemoveVersion
    SetOutPath "$TEMP" ; or the folder stays
    RMDir "$INSTDIR"
    !insertmacro Refuse "$(PresetWrong)" ${EXIT_PRESET}
  ${EndIf}
FunctionEnd

; For every user where it is installed for every user; else for this one, whose own changes are never overwritten.
Function KeepPreset
  ${If} $Preset == ""
    Return
  ${EndIf}
  !if "${SCOPE}" == "machine"
    StrCpy $PresetFolder "$APPDATA\${NAME}" ; ProgramData, in the context of all users
    CreateDirectory "$PresetFolder"
    ; In ProgramData anybody may make files: only administrators may change what every till here obeys. A folder that is a
    ; link is somebody else's, who may let it lead elsewhere tomorrow.
    System::Call 'kernel32::GetFileAttributesW(w "$PresetFolder") i .r0'
    IntOp $0 $0 & ${IS_LINK}
    ${If} $0 != 0
      !insertmacro Refuse "$(PresetNotKept)" ${EXIT_NOT_WRITTEN}
    ${EndIf}
    nsExec::Exec '"$SYSDIR\icacls.exe" "$PresetFolder" /setowner *S-1-5-32-544'
    Pop $0
    nsExec::Exec '"$SYSDIR\icacls.exe" "$PresetFolder" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX'
    Pop $0
    ${If} $0 != 0
    ${AndIf} ${FileExists} "$SYSDIR\icacls.exe" ; Wine has none
      !insertmacro Refuse "$(PresetNotKept)" ${EXIT_NOT_WRITTEN}
    ${EndIf}
  !else
    StrCpy $PresetFolder "$LOCALAPPDATA\${NAME}"
    ${If} ${FileExists} "$PresetFolder\till.toml"
      !insertmacro Say "$(OwnSettingsStay)" MB_ICONINFORMATION
      Return
    ${EndIf}
    CreateDirectory "$PresetFolder"
  !endif
  ; What somebody left there keeps its rights when it is written over; and what came read-only from a share could
  ; be replaced by nobody.
  SetFileAttributes "$PresetFolder\till.toml.new" NORMAL
  Delete "$PresetFolder\till.toml.new"
  SetFileAttributes "$PresetFolder\till.toml" NORMAL
  ClearErrors
  CopyFiles /SILENT "$Preset" "$PresetFolder\till.toml.new"
  SetFileAttributes "$PresetFolder\till.toml.new" NORMAL
  Push "$PresetFolder\till.toml.new"
  Push "$PresetFolder\till.toml"
  Call MoveOver
  ${If} ${Errors}
    !insertmacro Refuse "$(PresetNotKept)" ${EXIT_NOT_WRITTEN}
  ${EndIf}
FunctionEnd

; Before the links: where this is killed in between, the next installation finishes it.
Function Register
  ClearErrors
  WriteRegStr ${ROOT_KEY} "${REGISTERED}" "InstallLocation" "$INSTDIR"
  WriteRegStr ${ROOT_KEY} "${REGISTERED}" "Folder" "$Target"
  WriteRegStr ${ROOT_KEY} "${REGISTERED}" "UninstallString" '"$Target\${UNINSTALLER}"'
  WriteRegStr ${ROOT_KEY} "${REGISTERED}" "QuietUninstallString" '"$Target\${UNINSTALLER}" /S'
  WriteRegStr ${ROOT_KEY} "${REGISTERED}" "VersionNumber" "${VERSION_NUMBER}"
  WriteRegStr ${ROOT_KEY} "${REGISTERED}" "DisplayName" "${NAME}"
  WriteRegStr ${ROOT_KEY} "${REGISTERED}" "DisplayVersion" "${VERSION}"
  WriteRegStr ${ROOT_KEY} "${REGISTERED}" "DisplayIcon" "$Target\${WINDOW},0"
  WriteRegStr ${ROOT_KEY} "${REGISTERED}" "Publisher" "${PUBLISHER}"
  WriteRegDWORD ${ROOT_KEY} "${REGISTERED}" "EstimatedSize" ${SIZE_KIB}
  WriteRegDWORD ${ROOT_KEY} "${REGISTERED}" "NoModify" 1
  WriteRegDWORD ${ROOT_KEY} "${REGISTERED}" "NoRepair" 1
  ${If} ${Errors}
    !insertmacro Refuse "$(SwitchFailed)" ${EXIT_NOT_WRITTEN}
  ${EndIf}
FunctionEnd

; Let what Windows opens lead into the folder on the stack.
Function PointLinks
  Exch $R5
  Push "$R5"
  Push "$SMPROGRAMS\${LINK}"
  Call PointLink
  ${If} $Autostart == 1
    Push "$R5"
    Push "$SMSTARTUP\${LINK}"
    Call PointLink
  ${Else}
    Delete "$SMSTARTUP\${LINK}"
  ${EndIf}
  Pop $R5
FunctionEnd

; A link is written beside and takes the place of the one before in one step.
Function PointLink
  Exch $R4 ; the link
  Exch
  Exch $R3 ; the folder
  ClearErrors
  CreateDirectory "$SMPROGRAMS"
  SetOutPath "$INSTDIR" ; where the till starts: it is no version's folder
  CreateShortcut "$R4.new" "$R3\${WINDOW}" "" "$R3\${WINDOW}" 0
  Push "$R4.new"
  Push "$R4"
  Call MoveOver
  ${If} ${Errors}
    !insertmacro Refuse "$(SwitchFailed)" ${EXIT_NOT_WRITTEN}
  ${EndIf}
  Pop $R3
  Pop $R4
FunctionEnd

; Rename over what is there, in one step; sets the error flag where that fails.
Function MoveOver
  Exch $R2 ; to
  Exch
  Exch $R1 ; from
  System::Call 'kernel32::MoveFileExW(w R1, w R2, i ${MOVE_OVER_NOW}) i .r0'
  ${If} $0 == 0
    SetErrors
  ${EndIf}
  Pop $R1
  Pop $R2
FunctionEnd

; Remove every version but the one in use. One that is still open stays until the next installation.
!macro DefineRemoveOthers un root
Function ${un}RemoveOthers
  FindFirst $R5 $R6 "${root}\*.*"
  ${DoWhile} $R6 != ""
    ${If} $R6 != "."
    ${AndIf} $R6 != ".."
    ${AndIf} "${root}\$R6" != $Current
      Push "${root}\$R6"
      Call ${un}RemoveVersion
    ${EndIf}
    FindNext $R5 $R6
  ${Loop}
  FindClose $R5
  ClearErrors
FunctionEnd

; Remove the version in the folder on the stack by its own uninstaller, which knows its files.
Function ${un}RemoveVersion
  Exch $R4
  Push "$R4"
  Call ${un}AskIsOpen
  ${If} $IsOpen == 0
  ${AndIf} ${FileExists} "$R4\${UNINSTALLER}"
    ExecWait '"$R4\${UNINSTALLER}" /S /FILES _?=$R4'
    ${IfNot} ${FileExists} "$R4\${WINDOW}"
      Delete "$R4\${UNINSTALLER}"
      RMDir "$R4"
    ${EndIf}
  ${EndIf}
  ClearErrors
  Pop $R4
FunctionEnd
!macroend
!insertmacro DefineRemoveOthers "" "$INSTDIR"
!insertmacro DefineRemoveOthers "un." "$Known"

!if "${SCOPE}" == "user"
Function OpenTill
  SetOutPath "$INSTDIR"
  Exec '"$Target\${WINDOW}"'
FunctionEnd
!endif

Function un.onInit
  SetShellVarContext ${CONTEXT}
  SetRegView 64
  StrCpy $Current $INSTDIR
  ${GetParent} "$INSTDIR" $Known
FunctionEnd

; /FILES removes this version and nothing else: an installation does it to the version before.
Section "un.all"
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/FILES" $0
  ${IfNot} ${Errors}
    Call un.DeleteFiles
    ClearErrors
    Return
  ${EndIf}
  Call un.CloseTill
  Delete "$SMPROGRAMS\${LINK}"
  Delete "$SMSTARTUP\${LINK}"
  Call un.RemoveOthers
  ClearErrors
  Call un.DeleteFiles
  Delete "$INSTDIR\${UNINSTALLER}"
  ${If} ${FileExists} "$INSTDIR\${WINDOW}"
    ${If} ${Silent}
      SetErrorLevel ${EXIT_NOT_WRITTEN}
    ${Else}
      MessageBox MB_OK|MB_ICONEXCLAMATION "$(NotAllRemoved)"
    ${EndIf}
    Return
  ${EndIf}
  SetOutPath "$TEMP"
  RMDir "$INSTDIR"
  RMDir "$Known"
  DeleteRegKey ${ROOT_KEY} "${REGISTERED}"
SectionEnd

Function un.DeleteFiles
  !insertmacro PayloadDeletes
FunctionEnd

Function un.CloseTill
  Push "$INSTDIR"
  Call un.AskIsOpen
  ${If} $IsOpen == 0
    Return
  ${EndIf}
  ${IfNot} ${Silent}
    again:
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(CloseToRemove)" IDRETRY look
    SetErrorLevel 1
    Quit
    look:
    Push "$INSTDIR"
    Call un.AskIsOpen
    StrCmp $IsOpen 1 again
    Return
  ${EndIf}
  Push "$INSTDIR"
  Call un.AskToClose
  ${If} $IsOpen == 1
    !insertmacro Refuse "$(StillOpen)" ${EXIT_OPEN}
  ${EndIf}
FunctionEnd
