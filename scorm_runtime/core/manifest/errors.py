"""Why a manifest is refused: one class per reason, each with its code and how to mend it."""

from scorm_runtime.core.refusal import PackageRefused


class ManifestRefused(PackageRefused):
    """Base; `subject` is the file or element it is about."""

    code = "manifest_refused"
    says = "The manifest cannot be used."


# ── what kind of package it is ───────────────────────────────────────────────────────────────


class ManifestMissing(ManifestRefused):
    code = "manifest_missing"
    says = "The zip file has no imsmanifest.xml, so it is not a SCORM package."
    mend = "Choose SCORM 1.2 when you export, and upload the zip file as it comes out."


class PackageInsidePackage(ManifestRefused):
    code = "zip_inside_zip"
    says = "The zip file contains the package as another zip file."
    mend = "Extract it once and upload the zip file that was inside."


class SeveralManifests(ManifestRefused):
    code = "manifests_several"
    says = "The zip file contains several packages side by side."
    mend = "Upload each of them as its own zip file."


class Cmi5Later(ManifestRefused):
    code = "cmi5_later"
    says = "This is a cmi5 package; this release plays SCORM only, cmi5 comes with a later one."
    mend = "Export the course as SCORM 1.2 for now."


class TinCanPackage(ManifestRefused):
    code = "tincan_package"
    says = "This is a Tin Can (xAPI) package without SCORM."
    mend = "Export the course as SCORM 1.2."


class AiccPackage(ManifestRefused):
    code = "aicc_package"
    says = "This is an AICC package, a format that was retired in 2014."
    mend = "Export the course as SCORM 1.2."


class CommonCartridge(ManifestRefused):
    code = "common_cartridge"
    says = "This is an IMS Common Cartridge, made for import into a course, not a SCORM package."
    mend = "Import it in your LMS, or export the content as SCORM 1.2."


class OldScorm(ManifestRefused):
    code = "scorm_1_1"
    says = "This is SCORM 1.1 or older, which no LMS plays any more."
    mend = "Export the course as SCORM 1.2."


class UnknownStandard(ManifestRefused):
    code = "standard_unknown"
    says = "The manifest is of a kind of package that this server does not know."
    mend = "Export the course as SCORM 1.2."


# ── XML ──────────────────────────────────────────────────────────────────────────────────────


class XmlTooLarge(ManifestRefused):
    code = "xml_too_large"
    says = "The file is larger than a manifest may be."


class XmlTooDeep(ManifestRefused):
    code = "xml_too_deep"
    says = "The elements of the manifest are nested too deeply."


class XmlTooManyElements(ManifestRefused):
    code = "xml_too_many_elements"
    says = "The manifest has more elements than this server accepts."


class TooManyItems(ManifestRefused):
    code = "items_too_many"
    says = "The course has more items than this server accepts."
    mend = "Divide it into several packages."


class XmlDoctype(ManifestRefused):
    code = "xml_doctype"
    says = "The manifest has a document type declaration, which could pull in other files."
    mend = "Remove the line that starts with <!DOCTYPE, together with its entities."


class XmlEncoding(ManifestRefused):
    code = "xml_encoding"
    says = "The manifest is in an encoding that this server does not know."
    mend = "Save it as UTF-8."


class XmlNotWellFormed(ManifestRefused):
    code = "xml_not_well_formed"
    says = "The manifest is not well-formed XML."
    mend = "Mend the named line, or export the package again."


class NotAManifest(ManifestRefused):
    code = "not_a_manifest"
    says = "The file is XML, but its outermost element is not a manifest."


# ── content ──────────────────────────────────────────────────────────────────────────────────


class NothingToLaunch(ManifestRefused):
    code = "nothing_to_launch"
    says = "The manifest names nothing that could be started."
    mend = "Export the package again; it needs an item that refers to a resource with an href."


class LaunchFileMissing(ManifestRefused):
    code = "launch_file_missing"
    says = "The file that starts the content is not in the package."
    mend = "Put it into the package, or correct the href in the manifest."


class LaunchOutside(ManifestRefused):
    code = "launch_outside"
    says = "The address that starts the content leads out of the package."
    mend = "Correct the href in the manifest: it has to be relative to the manifest."


class LaunchElsewhere(ManifestRefused):
    code = "launch_elsewhere"
    says = "The content lies on another server, from where it cannot report to this one."
    mend = "Export the package with its content inside."
