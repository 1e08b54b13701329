"""How Firefox is made an application's window, as data: preferences, parts that are hidden, keys that are cleared.

Every name was looked up in Firefox 153 ESR. What 153 no longer knows and ESR 140 or older do is in `OLDER`: a
preference that nobody reads does no harm. Certificates are checked as Firefox always does: nothing here touches that.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

Preference: TypeAlias = bool | int | str
Preferences: TypeAlias = Mapping[str, Preference]

NOWHERE = "data:,"
"""An address that answers at once with nothing. Where an empty one would mean the built-in address."""

LOOK: Preferences = MappingProxyType({
    "toolkit.legacyUserProfileCustomizations.stylesheets": True,  # reads chrome/userChrome.css
    "browser.tabs.inTitlebar": 0,  # the desktop's title bar instead of tabs
    "browser.toolbars.bookmarks.visibility": "never",
    "sidebar.revamp": False,
    "sidebar.verticalTabs": False,
    "sidebar.visibility": "hide-sidebar",
    "browser.tabs.firefox-view": False,
    "browser.startup.blankWindow": False,  # an empty window first, with a toolbar that the style does not reach
})  # fmt: skip

NO_FIRST_RUN: Preferences = MappingProxyType({
    "browser.aboutwelcome.enabled": False,
    "startup.homepage_welcome_url": "",
    "startup.homepage_welcome_url.additional": "",
    "startup.homepage_override_url": "",
    "browser.startup.homepage_override.mstone": "ignore",  # no page about what is new after an update
    "browser.startup.firstrunSkipsHomepage": False,
    "trailhead.firstrun.didSeeAboutWelcome": True,
    "browser.preonboarding.enabled": False,
    "termsofuse.bypassNotification": True,
    "termsofuse.acceptedVersion": 999,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,  # else a second tab with the privacy notice
    "datareporting.policy.firstRunURL": "",
    "browser.shell.checkDefaultBrowser": False,
    "browser.uitour.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.backup.enabled": False,
    "browser.backup.scheduled.enabled": False,
    "browser.profiles.enabled": False,  # several profiles in one Firefox, with the profile's name in the title
})  # fmt: skip

NO_RESTORE: Preferences = MappingProxyType({
    "browser.sessionstore.resume_from_crash": False,
    "browser.sessionstore.max_resumed_crashes": -1,
    "browser.sessionstore.max_tabs_undo": 0,
    "browser.sessionstore.max_windows_undo": 0,
    "toolkit.startup.max_resumed_crashes": -1,  # no question about safe mode after three crashes
    "browser.warnOnQuit": False,
    "browser.warnOnQuitShortcut": False,
    "browser.tabs.warnOnClose": False,
    "browser.tabs.closeWindowWithLastTab": True,
})  # fmt: skip

NO_REPORTS: Preferences = MappingProxyType({
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.usage.uploadEnabled": False,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.unified": False,
    "toolkit.telemetry.server": NOWHERE,
    "toolkit.telemetry.archive.enabled": False,
    "toolkit.telemetry.newProfilePing.enabled": False,
    "toolkit.telemetry.shutdownPingSender.enabled": False,
    "toolkit.telemetry.updatePing.enabled": False,
    "toolkit.telemetry.bhrPing.enabled": False,
    "toolkit.telemetry.firstShutdownPing.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "toolkit.coverage.opt-out": True,
    "toolkit.coverage.endpoint.base": "",
    "browser.newtabpage.activity-stream.telemetry": False,
    "browser.search.serpEventTelemetryCategorization.enabled": False,
    "browser.tabs.crashReporting.sendReport": False,
    "dom.private-attribution.submission.enabled": False,
})  # fmt: skip

NO_UPDATES: Preferences = MappingProxyType({
    "app.update.auto": False,
    "app.update.enabled": False,
    "app.update.background.enabled": False,
    "app.normandy.enabled": False,
    "app.normandy.first_run": False,
    "app.shield.optoutstudies.enabled": False,
    "nimbus.rollouts.enabled": False,
    "extensions.update.enabled": False,
    "extensions.update.autoUpdateDefault": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.systemAddon.update.url": "",
    "extensions.blocklist.enabled": False,
    # Believed only with `ENVIRONMENT`.
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "services.settings.poll_interval": 2_147_483_647,
    "security.remote_settings.crlite_filters.enabled": False,
    "security.remote_settings.intermediates.enabled": False,
    "browser.search.update": False,
    "media.gmp-manager.url": NOWHERE,
    "media.gmp-manager.updateEnabled": False,
    "media.gmp-gmpopenh264.enabled": False,
    "media.gmp-widevinecdm.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.blockedURIs.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.provider.mozilla.updateURL": "",
    "browser.safebrowsing.provider.google.updateURL": "",
    "browser.safebrowsing.provider.google4.updateURL": "",
    "browser.safebrowsing.provider.google5.updateURL": "",
    "browser.safebrowsing.provider.google5.enabled": False,
})  # fmt: skip

NO_CALLS: Preferences = MappingProxyType({
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.dns.native_https_query": False,
    "network.prefetch-next": False,
    "network.http.speculative-parallel-limit": 0,
    "network.trr.mode": 5,  # names are looked up as the system does, never by DNS over HTTPS
    "network.proxy.allow_hijacking_localhost": False,  # a proxy of the system is used, and never for our server
    "browser.urlbar.speculativeConnect.enabled": False,
    "browser.urlbar.quicksuggest.enabled": False,
    "browser.urlbar.suggest.searches": False,
    "browser.region.update.enabled": False,
    "browser.region.network.url": "",
    "geo.provider.network.url": "",
    "dom.push.connection.enabled": False,
    "dom.push.enabled": False,
    "dom.push.serverURL": "",
    "identity.fxaccounts.enabled": False,
    "browser.contentblocking.report.monitor.enabled": False,
    "signon.management.page.breach-alerts.enabled": False,
    "browser.discovery.enabled": False,
    "browser.topsites.contile.enabled": False,
    "browser.newtabpage.activity-stream.feeds.topsites": False,
    "browser.newtabpage.activity-stream.feeds.section.topstories": False,
    "browser.newtabpage.activity-stream.feeds.system.topsites": False,
    "browser.newtabpage.activity-stream.feeds.system.topstories": False,
    "browser.newtabpage.activity-stream.showSponsoredTopSites": False,
    "browser.newtabpage.activity-stream.unifiedAds.tiles.enabled": False,
    "browser.newtabpage.activity-stream.unifiedAds.spocs.enabled": False,
    "browser.newtabpage.activity-stream.unifiedAds.endpoint": "",
    "browser.newtabpage.activity-stream.asrouter.providers.cfr": "",
    "browser.newtabpage.activity-stream.asrouter.providers.message-groups": "",
    "browser.newtabpage.activity-stream.asrouter.providers.messaging-experiments": "",
    "browser.newtabpage.activity-stream.asrouter.providers.onboarding": "",
})  # fmt: skip

NO_OFFERS: Preferences = MappingProxyType({
    "browser.ml.enable": False,
    "browser.ml.chat.enabled": False,
    "browser.ml.linkPreview.enabled": False,
    "browser.translations.enable": False,
    "signon.rememberSignons": False,
    "extensions.formautofill.addresses.enabled": False,
    "extensions.formautofill.creditCards.enabled": False,
    "extensions.webcompat-reporter.enabled": False,
})  # fmt: skip

BEHAVIOUR: Preferences = MappingProxyType({
    "browser.link.open_newwindow": 2,  # target=_blank opens a window; a tab could not be seen
    "browser.link.open_newwindow.restriction": 0,  # and so does what asks for a size
    "dom.disable_open_during_load": False,  # the page is the application's own
    "full-screen-api.warning.timeout": 0,
    "media.autoplay.default": 0,
    "browser.download.useDownloadDir": True,
    "browser.download.folderList": 1,  # the desktop's download folder
    "browser.download.alwaysOpenPanel": False,  # it hangs on a toolbar that is not there
    "browser.fullscreen.autohide": True,
})  # fmt: skip

XUL: Preferences = MappingProxyType({
    "print.prefer_system_dialog": True,  # the preview needs the browser around it
    "devtools.console.stdout.chrome": True,  # what the window complains of is among its last words
})  # fmt: skip
"""What a window without the browser wants besides."""

OLDER: Preferences = MappingProxyType({
    "browser.messaging-system.whatsNewPanel.enabled": False,
    "browser.newtabpage.activity-stream.feeds.telemetry": False,
    "messaging-system.rsexperimentloader.enabled": False,
    "extensions.pocket.enabled": False,
    "network.predictor.enabled": False,
    "browser.urlbar.merino.enabled": False,
})  # fmt: skip

COMMON: tuple[Preferences, ...] = (
    NO_FIRST_RUN, NO_RESTORE, NO_REPORTS, NO_UPDATES, NO_CALLS, NO_OFFERS, BEHAVIOUR, OLDER
)  # fmt: skip
"""What every window of Firefox wants, also one without its browser."""

ENVIRONMENT: Mapping[str, str] = MappingProxyType({
    "MOZ_CRASHREPORTER_DISABLE": "1",
    "MOZ_DATA_REPORTING": "0",
    "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1",  # without it, a release ignores services.settings.server
})  # fmt: skip
"""Variables that a release of Firefox must be started with, for the preferences to be all that it follows."""

HIDDEN_PARTS = (
    "#navigator-toolbox", "#TabsToolbar", "#nav-bar", "#PersonalToolbar", "#titlebar", "#toolbar-menubar",
    "#sidebar-main", "#sidebar-box", "#sidebar-splitter", "#sidebar-launcher-splitter", "#statuspanel",
)  # fmt: skip

"""Parts of a browser's window, by id."""

PAGE_PARTS = ("#browser", "#tabbrowser-tabbox", "#tabbrowser-tabpanels", ".browserContainer", ".browserStack")

CLEARED_KEYS = (
    "key_newNavigator", "key_newNavigatorTab", "key_privatebrowsing", "key_duplicateTab",
    "key_restoreLastClosedTabOrWindowOrSession", "key_undoCloseWindow", "key_showAllTabs",
    *(f"key_selectTab{number}" for number in range(1, 9)), "key_selectLastTab",
    "focusURLBar", "focusURLBar2", "key_search", "key_search2", "goHome",
    "goBackKb", "goForwardKb", "goBackKb2", "goForwardKb2",
    "openFileKb", "key_savePage", "key_viewSource", "key_viewSourceSafari", "key_viewInfo", "key_screenshot",
    "addBookmarkAsKb", "bookmarkAllTabsKb", "manBookmarkKb", "viewBookmarksSidebarKb", "viewBookmarksToolbarKb",
    "key_gotoHistory", "showAllHistoryKb", "key_openDownloads", "key_openAddons", "key_sanitize", "key_sanitize_mac",
    "key_aboutProcesses", "toggleSidebarKb", "viewGenaiChatSidebarKb", "viewOpenTabsSidebarKb", "key_toggleReaderMode",
)  # fmt: skip
"""Keys of a browser that an application has no use for. Kept: editing, find, zoom, print, reload, fullscreen, close."""

EDIT_ITEMS = (
    "context-undo", "context-redo", "context-cut", "context-copy", "context-paste", "context-paste-no-formatting",
    "context-delete", "context-selectall", "context-copylink", "context-copyemail", "context-copyimage",
    "context-copyimage-contents",
    "spell-no-suggestions", "spell-add-to-dictionary", "spell-undo-add-to-dictionary",
    "spell-add-dictionaries-main", "spell-check-enabled", "spell-dictionaries",
)  # fmt: skip
"""Items of the context menu, by id, that belong to text and to what can be copied."""
