; Installer of Ada's `Größe` 日本 & "Maß" $INSTDIR 50% 1.2.3, made by `deskapp freeze`.
;
; Compile with:  makensis -NOCD -DOUT=setup.exe -DWORK=FOLDER_OF_ICONS installer.nsi
; in the folder of the frozen program. Run with /S to install without questions, /DESKTOP for a shortcut on the desktop,
; /D=FOLDER (last, unquoted) to choose the folder. It ends with 3 if the program runs, or an older version stays.

Target amd64-unicode
SetCompressor /SOLID lzma
SetDateSave off
AllowSkipFiles off
ManifestDPIAware true
RequestExecutionLevel admin

!include LogicLib.nsh
!include FileFunc.nsh
!include Sections.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh
!include MUI2.nsh

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\org.example.BodyMass"

Name "Ada's `Größe` 日本 & $\"Maß$\" $$INSTDIR 50%" "Ada's `Größe` 日本 && $\"Maß$\" $$INSTDIR 50%"
BrandingText "Ada's `Größe` 日本 && $\"Maß$\" $$INSTDIR 50% 1.2.3"
OutFile "${OUT}"
ShowInstDetails nevershow
ShowUninstDetails nevershow

VIProductVersion "1.2.3.40000"
VIFileVersion "1.2.3.40000"
VIAddVersionKey /LANG=1033 "ProductName" "Ada's `Größe` 日本 & $\"Maß$\" $$INSTDIR 50%"
VIAddVersionKey /LANG=1033 "ProductVersion" "1.2.3"
VIAddVersionKey /LANG=1033 "FileDescription" "Ada's `Größe` 日本 & $\"Maß$\" $$INSTDIR 50% Setup"
VIAddVersionKey /LANG=1033 "FileVersion" "1.2.3"
VIAddVersionKey /LANG=1033 "CompanyName" "Ada & Söhne"
VIAddVersionKey /LANG=1033 "LegalCopyright" "© 2031 Ada"

!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; A program that runs cannot be opened for writing.
!macro CHECK_RUNNING Prefix
Function ${Prefix}CheckRunning
  again:
  ${If} ${FileExists} "$INSTDIR\body-mass.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\body-mass.exe" a
    ${If} ${Errors}
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "Ada's `Größe` 日本 & $\"Maß$\" $$INSTDIR 50% is running. Close it, then try again." /SD IDCANCEL IDRETRY again
      SetErrorLevel 3
      Quit
    ${EndIf}
    FileClose $0
  ${EndIf}
FunctionEnd
!macroend
!insertmacro CHECK_RUNNING ""
!insertmacro CHECK_RUNNING "un."

; The name by which the running program calls itself towards the task bar, put on a shortcut; where shortcuts have no
; such names, they stay without.
!macro SET_APP_ID Shortcut
  StrCpy $R2 "${Shortcut}"  ; no quote of a name ends what is written below
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${If} $1 P<> 0
      ${IPersistFile::Load} $1 '(R2,${STGM_READWRITE})'
      ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
      ${If} $2 P<> 0
        System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r3'
        System::Call '*(&w${NSIS_MAX_STRLEN} "org.example.BodyMass")p.r5'
        System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_LPWSTR},,p r5)p.r4'
        ${IPropertyStore::SetValue} $2 '($3,$4)'
        ${IPropertyStore::Commit} $2 ""
        System::Free $4
        System::Free $5
        System::Free $3
        ${IUnknown::Release} $2 ""
      ${EndIf}
      ${IPersistFile::Save} $1 '(R2,1)'
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
!macroend

; (Texts that may have quotes of any kind reach the macros of LogicLib and Win\COM.nsh in variables alone.)
; Only what is still ours is taken away: another program may have put its own value there since.
!macro REMOVE_VALUE Key Name Text
  ReadRegStr $0 SHCTX "${Key}" "${Name}"
  StrCpy $1 "${Text}"
  ${If} $0 S== $1
    DeleteRegValue SHCTX "${Key}" "${Name}"
  ${EndIf}
!macroend

!macro REMOVE_EMPTY_KEY Key
  ClearErrors
  EnumRegValue $0 SHCTX "${Key}" 0
  ${If} ${Errors}
    DeleteRegKey /ifempty SHCTX "${Key}"
  ${EndIf}
!macroend

; SHCNE_ASSOCCHANGED: Explorer reads kinds of documents and their icons anew.
!macro REFRESH_SHELL
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Section "Ada's `Größe` 日本 && $\"Maß$\" $$INSTDIR 50%" Main
  SectionIn RO
  Call CheckRunning

  ; An older version takes away what it installed; what people put there themselves stays.
  ReadRegStr $R0 SHCTX "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $R0 != ""
  ${AndIf} ${FileExists} "$R0\uninstall.exe"
    ExecWait '"$R0\uninstall.exe" /S _?=$R0' $R1
    ${If} $R1 != 0
      MessageBox MB_OK|MB_ICONSTOP "The version in $R0 could not be removed (code $R1). Close Ada's `Größe` 日本 & $\"Maß$\" $$INSTDIR 50%, then try again." /SD IDOK
      SetErrorLevel 3
      Quit
    ${EndIf}
    Delete "$R0\uninstall.exe"
    RMDir "$R0"
  ${EndIf}

  SetOutPath "$INSTDIR\_internal"
  File "_internal/base_library.zip"
  File "_internal/python3.dll"
  SetOutPath "$INSTDIR\_internal\data"
  File "_internal/data/empty"
  File "/oname=größe $$x [1] {2}.txt" "_internal/data/größe $x [1] {2}.txt"
  SetOutPath "$INSTDIR"
  File "body-mass.exe"

  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$SMPROGRAMS\Ada's `Größe` 日本 & Maß $$INSTDIR 50%.lnk" "$INSTDIR\body-mass.exe" "" "$INSTDIR\body-mass.exe" 0 SW_SHOWNORMAL "" "Weighs $$ and $\"mass$\" of <bodies> & more"
  !insertmacro SET_APP_ID "$SMPROGRAMS\Ada's `Größe` 日本 & Maß $$INSTDIR 50%.lnk"

  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayName" "Ada's `Größe` 日本 & $\"Maß$\" $$INSTDIR 50%"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayVersion" "1.2.3"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\body-mass.exe,0"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "Publisher" "Ada & Söhne"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "URLInfoAbout" "https://body.example/?a=1&b=2"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "EstimatedSize" 3
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoRepair" 1

  WriteRegStr SHCTX "Software\RegisteredApplications" "org.example.BodyMass" "Software\org.example.BodyMass\Capabilities"
  WriteRegStr SHCTX "Software\org.example.BodyMass\Capabilities" "ApplicationName" "Ada's `Größe` 日本 & $\"Maß$\" $$INSTDIR 50%"
  WriteRegStr SHCTX "Software\org.example.BodyMass\Capabilities" "ApplicationDescription" "Weighs $$ and $\"mass$\" of <bodies> & more"
  WriteRegStr SHCTX "Software\org.example.BodyMass\Capabilities" "ApplicationIcon" "$\"$INSTDIR\body-mass.exe$\",0"
  WriteRegStr SHCTX "Software\Classes\bodymass" "" "URL:Ada's `Größe` 日本 & $\"Maß$\" $$INSTDIR 50%"
  WriteRegStr SHCTX "Software\Classes\bodymass" "URL Protocol" ""
  WriteRegStr SHCTX "Software\Classes\bodymass\DefaultIcon" "" "$\"$INSTDIR\body-mass.exe$\",0"
  WriteRegStr SHCTX "Software\Classes\bodymass\shell\open\command" "" "$\"$INSTDIR\body-mass.exe$\" $\"%1$\""
  WriteRegStr SHCTX "Software\org.example.BodyMass\Capabilities\URLAssociations" "bodymass" "bodymass"
  WriteRegStr SHCTX "Software\Classes\org.example.BodyMass.note" "" "Note"
  WriteRegStr SHCTX "Software\Classes\org.example.BodyMass.note" "AppUserModelID" "org.example.BodyMass"
  WriteRegStr SHCTX "Software\Classes\org.example.BodyMass.note\DefaultIcon" "" "$\"$INSTDIR\body-mass.exe$\",0"
  WriteRegStr SHCTX "Software\Classes\org.example.BodyMass.note\shell\open\command" "" "$\"$INSTDIR\body-mass.exe$\" $\"%1$\""
  WriteRegStr SHCTX "Software\Classes\.note\OpenWithProgids" "org.example.BodyMass.note" ""
  WriteRegStr SHCTX "Software\org.example.BodyMass\Capabilities\FileAssociations" ".note" "org.example.BodyMass.note"
  WriteRegStr SHCTX "Software\org.example.BodyMass\Capabilities\MIMEAssociations" "application/x-note" "org.example.BodyMass.note"

  !insertmacro REFRESH_SHELL
SectionEnd

Section /o "Shortcut on the desktop" Desktop
  SetOutPath "$INSTDIR"
  CreateShortcut "$DESKTOP\Ada's `Größe` 日本 & Maß $$INSTDIR 50%.lnk" "$INSTDIR\body-mass.exe" "" "$INSTDIR\body-mass.exe" 0 SW_SHOWNORMAL "" "Weighs $$ and $\"mass$\" of <bodies> & more"
  !insertmacro SET_APP_ID "$DESKTOP\Ada's `Größe` 日本 & Maß $$INSTDIR 50%.lnk"
SectionEnd

Function .onInit
  SetRegView 64
  SetShellVarContext all
  ${If} $INSTDIR == ""
    ReadRegStr $INSTDIR SHCTX "${UNINSTALL_KEY}" "InstallLocation"
  ${EndIf}
  ${If} $INSTDIR == ""
    StrCpy $INSTDIR "$PROGRAMFILES64\Ada's `Größe` 日本 & Maß $$INSTDIR 50%"
  ${EndIf}
  ${GetParameters} $R0
  StrCpy $R2 "$DESKTOP\Ada's `Größe` 日本 & Maß $$INSTDIR 50%.lnk"
  ClearErrors
  ${GetOptions} $R0 "/DESKTOP" $R1
  ${IfNot} ${Errors}
  ${OrIf} ${FileExists} $R2
    !insertmacro SelectSection ${Desktop}
  ${EndIf}
  ClearErrors
FunctionEnd

Function un.onInit
  SetRegView 64
  SetShellVarContext all
FunctionEnd

Section Uninstall
  Call un.CheckRunning
  SetOutPath "$TEMP"  ; nobody can remove the folder that we are in
  Delete "$SMPROGRAMS\Ada's `Größe` 日本 & Maß $$INSTDIR 50%.lnk"
  Delete "$DESKTOP\Ada's `Größe` 日本 & Maß $$INSTDIR 50%.lnk"

  Delete "$INSTDIR\_internal\base_library.zip"
  Delete "$INSTDIR\_internal\data\empty"
  Delete "$INSTDIR\_internal\data\größe $$x [1] {2}.txt"
  Delete "$INSTDIR\_internal\python3.dll"
  Delete "$INSTDIR\body-mass.exe"
  RMDir "$INSTDIR\_internal\data"
  RMDir "$INSTDIR\_internal"

  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"

  !insertmacro REMOVE_VALUE "Software\RegisteredApplications" "org.example.BodyMass" "Software\org.example.BodyMass\Capabilities"
  !insertmacro REMOVE_VALUE "Software\org.example.BodyMass\Capabilities" "ApplicationName" "Ada's `Größe` 日本 & $\"Maß$\" $$INSTDIR 50%"
  !insertmacro REMOVE_VALUE "Software\org.example.BodyMass\Capabilities" "ApplicationDescription" "Weighs $$ and $\"mass$\" of <bodies> & more"
  !insertmacro REMOVE_VALUE "Software\org.example.BodyMass\Capabilities" "ApplicationIcon" "$\"$INSTDIR\body-mass.exe$\",0"
  !insertmacro REMOVE_VALUE "Software\Classes\bodymass" "" "URL:Ada's `Größe` 日本 & $\"Maß$\" $$INSTDIR 50%"
  !insertmacro REMOVE_VALUE "Software\Classes\bodymass" "URL Protocol" ""
  !insertmacro REMOVE_VALUE "Software\Classes\bodymass\DefaultIcon" "" "$\"$INSTDIR\body-mass.exe$\",0"
  !insertmacro REMOVE_VALUE "Software\Classes\bodymass\shell\open\command" "" "$\"$INSTDIR\body-mass.exe$\" $\"%1$\""
  !insertmacro REMOVE_VALUE "Software\org.example.BodyMass\Capabilities\URLAssociations" "bodymass" "bodymass"
  !insertmacro REMOVE_VALUE "Software\Classes\org.example.BodyMass.note" "" "Note"
  !insertmacro REMOVE_VALUE "Software\Classes\org.example.BodyMass.note" "AppUserModelID" "org.example.BodyMass"
  !insertmacro REMOVE_VALUE "Software\Classes\org.example.BodyMass.note\DefaultIcon" "" "$\"$INSTDIR\body-mass.exe$\",0"
  !insertmacro REMOVE_VALUE "Software\Classes\org.example.BodyMass.note\shell\open\command" "" "$\"$INSTDIR\body-mass.exe$\" $\"%1$\""
  !insertmacro REMOVE_VALUE "Software\Classes\.note\OpenWithProgids" "org.example.BodyMass.note" ""
  !insertmacro REMOVE_VALUE "Software\org.example.BodyMass\Capabilities\FileAssociations" ".note" "org.example.BodyMass.note"
  !insertmacro REMOVE_VALUE "Software\org.example.BodyMass\Capabilities\MIMEAssociations" "application/x-note" "org.example.BodyMass.note"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\bodymass\shell\open\command"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\org.example.BodyMass.note\shell\open\command"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\bodymass\shell\open"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\org.example.BodyMass.note\shell\open"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\.note\OpenWithProgids"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\bodymass\DefaultIcon"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\bodymass\shell"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\org.example.BodyMass.note\DefaultIcon"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\org.example.BodyMass.note\shell"
  !insertmacro REMOVE_EMPTY_KEY "Software\org.example.BodyMass\Capabilities\FileAssociations"
  !insertmacro REMOVE_EMPTY_KEY "Software\org.example.BodyMass\Capabilities\MIMEAssociations"
  !insertmacro REMOVE_EMPTY_KEY "Software\org.example.BodyMass\Capabilities\URLAssociations"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\.note"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\bodymass"
  !insertmacro REMOVE_EMPTY_KEY "Software\Classes\org.example.BodyMass.note"
  !insertmacro REMOVE_EMPTY_KEY "Software\org.example.BodyMass\Capabilities"
  !insertmacro REMOVE_EMPTY_KEY "Software\RegisteredApplications"
  !insertmacro REMOVE_EMPTY_KEY "Software\org.example.BodyMass"

  DeleteRegKey SHCTX "${UNINSTALL_KEY}"
  !insertmacro REFRESH_SHELL
SectionEnd
